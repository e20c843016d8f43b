package sqlite

// statement names a prepared statement of the writer.
type statement int

const (
	begin statement = iota
	commit
	rollback
	findAccount
	findHandle
	findDevice
	findHead
	findPrekey
	insertAccount
	insertLink
	insertDevice
	putPrekey
	headsOfDevice
	findConversation
	slotsOf
	insertConversation
	updateConversation
	clearSlots
	insertSlot
	insertEvent
	findEvent
	findCommit
	insertWrap
	putReceipt
	putCursor
	statementCount
)

var statementTexts = [statementCount]string{
	begin:    `BEGIN IMMEDIATE`,
	commit:   `COMMIT`,
	rollback: `ROLLBACK`,

	findAccount: `SELECT id, handle FROM accounts WHERE account = ?`,
	findHandle:  `SELECT id FROM accounts WHERE handle = ?`,
	findDevice:  `SELECT id, account FROM devices WHERE device = ?`,
	findHead: `SELECT a.id, l.number, l.hash FROM accounts a JOIN links l ON l.account = a.id
		WHERE a.account = ? ORDER BY l.number DESC LIMIT 1`,
	findPrekey:    `SELECT counter, thumbprint, prekey FROM prekeys WHERE device = ?`,
	insertAccount: `INSERT INTO accounts (account, handle, created) VALUES (?, ?, ?)`,
	insertLink:    `INSERT INTO links (account, number, hash, link) VALUES (?, ?, ?, ?)`,
	insertDevice:  `INSERT INTO devices (device, account, key, active) VALUES (?, ?, ?, ?)`,
	putPrekey: `INSERT INTO prekeys (device, counter, thumbprint, prekey) VALUES (?, ?, ?, ?)
		ON CONFLICT (device) DO UPDATE SET
		counter = excluded.counter, thumbprint = excluded.thumbprint, prekey = excluded.prekey`,
	headsOfDevice: `SELECT ` + headColumns + ` FROM conversations c
		WHERE c.id IN (SELECT conversation FROM slots WHERE device = ?) ORDER BY c.conversation`,

	findConversation: `SELECT c.id, c.n, c.epoch, c.opened,
		(SELECT max(position) FROM events WHERE conversation = c.id),
		(SELECT coalesce(max(count), 0) FROM receipts WHERE conversation = c.id)
		FROM conversations c WHERE c.conversation = ?`,
	slotsOf: `SELECT a.account, d.device, d.id FROM slots s
		JOIN accounts a ON a.id = s.account JOIN devices d ON d.id = s.device
		WHERE s.conversation = ? ORDER BY s.slot`,
	insertConversation: `INSERT INTO conversations (conversation, n, epoch, opened) VALUES (?, ?, ?, ?)`,
	updateConversation: `UPDATE conversations SET n = ?, epoch = ?, opened = ? WHERE id = ?`,
	clearSlots:         `DELETE FROM slots WHERE conversation = ?`,
	insertSlot:         `INSERT INTO slots (conversation, slot, account, device) VALUES (?, ?, ?, ?)`,

	insertEvent: `INSERT INTO events (conversation, position, kind, n, slot, g, device, hash, event)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation, n, slot, g) DO NOTHING`,
	findEvent: `SELECT position, hash, device FROM events WHERE conversation = ? AND n = ? AND slot = ? AND g = ?`,
	findCommit: `SELECT e.position, e.hash, d.device FROM events e JOIN devices d ON d.id = e.device
		WHERE e.conversation = ? AND e.n = ? AND e.slot IS NULL`,
	insertWrap: `INSERT INTO wraps (conversation, device, position, wrap) VALUES (?, ?, ?, ?)`,
	putReceipt: `INSERT INTO receipts (conversation, device, count, signal) VALUES (?, ?, ?, ?)
		ON CONFLICT (conversation, device) DO UPDATE SET count = excluded.count, signal = excluded.signal`,
	putCursor: `INSERT INTO cursors (conversation, device, position) VALUES (?, ?, ?)
		ON CONFLICT (conversation, device) DO UPDATE SET position = max(position, excluded.position)`,
}

// headColumns give a store.Head of conversations c.
const headColumns = `c.conversation,
	(SELECT max(position) FROM events WHERE conversation = c.id),
	(SELECT coalesce(max(count), 0) FROM receipts WHERE conversation = c.id)`
