// Package sqlite keeps a relay's store in one SQLite database in a data folder, without cgo.
//
//	DIR/sotto.db, sotto.db-wal, sotto.db-shm   the database; write-ahead log, synchronous=FULL
//	DIR/lock                                   held by the process that uses the folder
//
// One connection writes. Operations wait in a queue ([batch.Batcher]); the writer takes what is there and runs it in
// one transaction, which costs one fsync. Each operation checks what could fail before it changes anything, so that a
// refused one leaves nothing behind and the others go on; if the transaction itself fails, each runs again alone. A
// pool of other connections reads.
//
// The writer keeps the newest state of conversations in memory; nothing else changes them, and after a failed
// transaction it forgets what it knew.
package sqlite
