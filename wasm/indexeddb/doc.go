// Package indexeddb is [client.Store] in the browser's IndexedDB.
//
// IndexedDB takes about 100 µs for every value it writes and 50 µs for every value it reads, whether the value has
// 16 bytes or 16,000 (measured in Chromium). So records do not lie in it one by one: the records of a kind lie in
// their order in pages of about 16 KiB (package pages), each page sealed as one.
//
//	database                object stores "pages", "journal", "objects" and "meta", keys out of line
//	pages    key            kind ‖ 00 ‖ first            first: where the page begins; the first page of a kind begins at ""
//	         value          nonce (12) ‖ AES-256-GCM of the page's records
//	journal  key            a number; they follow each other
//	         value          nonce (12) ‖ AES-256-GCM of a batch's writes
//	objects  key            a name                       what [Store.Shelf] keeps: CryptoKeys
//	meta     "seal"         the CryptoKey that seals the pages; it cannot be exported
//	         "writer"       a random word: who opened the database last
//
// A record lies in the page with the greatest first that is not above its id. The page's key is its associated
// data, so a page or a record that was exchanged with another does not open. What is not noticed is a page that was
// set back to an older state of its own, and all the more the whole database set back.
//
// A batch is one entry of the journal, sealed as one and written in one transaction, and its pages are changed in
// memory. When the journal has grown, all changed pages are written and the journal is emptied, in one transaction:
// so a page that many batches change is written once. Who opens the database does the journal's writes again; so that
// it opens soon, a journal that is worth it is emptied as well when nothing was written for a while.
// Transactions have strict durability: they have completed when the operating system has flushed them to disk.
// Batches that arrive while a transaction is on its way go into the next one together.
//
// To erase is to empty all object stores in one transaction, the keys with the pages.
//
// The store keeps in memory which pages exist, so a database has one writer. Whoever opens it becomes that: each
// transaction checks the word "writer" and fails when another has opened the database since. This also keeps an
// owner that lost its role without noticing from writing a ratchet's state over a newer one.
package indexeddb
