// Package storetest is what every [store.Store] must do, as tests that an implementation runs with [Run]. Accounts
// and events in it are random bytes in the right shape: a store verifies no signature and opens nothing.
package storetest
