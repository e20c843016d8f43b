// Package config is what a server can be told: [Settings], one validated struct. Each setting has a default and can
// be given, from weak to strong, in a file, in the environment and as a flag:
//
//	listen = localhost:8080        a line of the file; # starts a comment
//	SOTTO_LISTEN=localhost:8080    the environment
//	--listen=localhost:8080        a flag
//
// A name that no setting has is an error wherever it stands. [Sources] remembers where each value came from.
package config
