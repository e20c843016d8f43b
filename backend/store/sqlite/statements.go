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
	findCurrent
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
	insertSpan
	closeSpan
	findOut
	insertEvent
	findEvent
	findCommit
	findLeave
	leftOf
	findLast
	findLog
	insertWrap
	putReceipt
	putCursor
	putAsk
	findAsk
	asksOf
	countAsks
	expireAsks
	dropAsk
	dropOwnAsk
	dropJoins
	statementCount
)

var statementTexts = [statementCount]string{
	begin:    `BEGIN IMMEDIATE`,
	commit:   `COMMIT`,
	rollback: `ROLLBACK`,

	findAccount: `SELECT id, handle FROM accounts WHERE account = ?`,
	findHandle:  `SELECT id FROM accounts WHERE handle = ?`,
	findDevice:  `SELECT id, account FROM devices WHERE device = ?`,
	findHead: `SELECT l.number, l.hash FROM accounts a JOIN links l ON l.account = a.id
		WHERE a.account = ? ORDER BY l.number DESC LIMIT 1`,
	findPrekey: `SELECT counter, thumbprint, prekey FROM prekeys WHERE device = ?`,
	findCurrent: `SELECT d.id, a.id, a.account, l.number, l.hash, p.thumbprint FROM devices d
		JOIN accounts a ON a.id = d.account
		JOIN links l ON l.account = a.id AND l.number = (SELECT max(number) FROM links WHERE account = a.id)
		LEFT JOIN prekeys p ON p.device = d.id WHERE d.device = ?`,
	insertAccount: `INSERT INTO accounts (account, handle, created) VALUES (?, ?, ?)`,
	insertLink:    `INSERT INTO links (account, number, hash, link) VALUES (?, ?, ?, ?)`,
	insertDevice:  `INSERT INTO devices (device, account, key, active) VALUES (?, ?, ?, ?)`,
	putPrekey: `INSERT INTO prekeys (device, counter, thumbprint, prekey) VALUES (?, ?, ?, ?)
		ON CONFLICT (device) DO UPDATE SET
		counter = excluded.counter, thumbprint = excluded.thumbprint, prekey = excluded.prekey`,
	headsOfDevice: `SELECT ` + spanColumns + ` FROM spans s JOIN conversations c ON c.id = s.conversation
		WHERE s.account = (SELECT account FROM devices WHERE id = ?1) AND ` + spanNewest + ` AND CASE WHEN s.last IS NULL
		THEN EXISTS (SELECT 1 FROM slots WHERE conversation = s.conversation AND device = ?1)
		ELSE s.last > coalesce((SELECT position FROM cursors WHERE conversation = s.conversation AND device = ?1), 0) END
		ORDER BY c.conversation`,

	findConversation: `SELECT c.id, c.n, c.epoch, c.opened, e.position, e.log,
		` + receiptCount + ` FROM conversations c JOIN events e ON e.conversation = c.id
		WHERE c.conversation = ? ORDER BY e.position DESC LIMIT 1`,
	slotsOf: `SELECT a.account, d.device, d.id FROM slots s
		JOIN accounts a ON a.id = s.account JOIN devices d ON d.id = s.device
		WHERE s.conversation = ? ORDER BY s.slot`,
	insertConversation: `INSERT INTO conversations (conversation, n, epoch, opened) VALUES (?, ?, ?, ?)`,
	updateConversation: `UPDATE conversations SET n = ?, epoch = ?, opened = ? WHERE id = ?`,
	clearSlots:         `DELETE FROM slots WHERE conversation = ?`,
	insertSlot:         `INSERT INTO slots (conversation, slot, account, device) VALUES (?, ?, ?, ?)`,
	insertSpan:         `INSERT INTO spans (conversation, account, seen, first) VALUES (?, ?, ?, ?)`,
	closeSpan: `UPDATE spans SET last = ? WHERE conversation = ? AND last IS NULL
		AND account = (SELECT id FROM accounts WHERE account = ?)`,
	findOut: `SELECT last FROM spans WHERE conversation = ? AND account = (SELECT id FROM accounts WHERE account = ?)
		ORDER BY first DESC LIMIT 1`,

	insertEvent: `INSERT INTO events (conversation, position, kind, n, slot, g, device, hash, log, event)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation, n, slot, g) DO NOTHING`,
	findEvent: `SELECT position, hash, device FROM events WHERE conversation = ? AND n = ? AND slot = ? AND g = ?`,
	findCommit: `SELECT e.position, e.hash, d.device FROM events e JOIN devices d ON d.id = e.device
		WHERE e.conversation = ? AND e.n = ? AND e.slot IS NULL`,
	findLeave: `SELECT e.position, d.device FROM events e JOIN devices d ON d.id = e.device
		WHERE e.conversation = ? AND e.hash = ? AND e.kind = 2`,
	leftOf: `SELECT a.account FROM events e JOIN devices d ON d.id = e.device JOIN accounts a ON a.id = d.account
		WHERE e.conversation = ? AND e.n = ? AND e.kind = 2 ORDER BY e.position`,
	findLast: `SELECT position FROM events WHERE id =
		(SELECT max(id) FROM events WHERE conversation = ? AND n = ? AND slot = ?)`,
	findLog:    `SELECT log FROM events WHERE conversation = ? AND position = ?`,
	insertWrap: `INSERT INTO wraps (conversation, device, position, wrap) VALUES (?, ?, ?, ?)`,
	putReceipt: `INSERT INTO receipts (conversation, device, count, n, signal) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (conversation, device) DO UPDATE SET
		count = excluded.count, n = excluded.n, signal = excluded.signal`,
	putCursor: `INSERT INTO cursors (conversation, device, position) VALUES (?, ?, ?)
		ON CONFLICT (conversation, device) DO UPDATE SET position = max(position, excluded.position)`,

	putAsk:  `INSERT OR REPLACE INTO asks (conversation, device, link, expiry, ask, tag) VALUES (?, ?, ?, ?, ?, ?)`,
	findAsk: `SELECT ask, tag FROM asks WHERE conversation = ? AND device = ?`,
	asksOf: `SELECT s.id, a.account, s.link FROM asks s JOIN devices d ON d.id = s.device
		JOIN accounts a ON a.id = d.account WHERE s.conversation = ?`,
	countAsks:  `SELECT count(*) FROM asks WHERE conversation = ? AND device <> ? AND (link IS NOT NULL) = ?`,
	expireAsks: `DELETE FROM asks WHERE conversation = ? AND expiry <= ?`,
	dropAsk:    `DELETE FROM asks WHERE id = ?`,
	dropOwnAsk: `DELETE FROM asks WHERE conversation = (SELECT id FROM conversations WHERE conversation = ?)
		AND device = (SELECT id FROM devices WHERE device = ?)`,
	dropJoins: `DELETE FROM asks WHERE device = ? AND link IS NOT NULL`,
}

// Columns of a store.Head: of a conversation c; of it as the account of a span s has it; and the condition that s is the
// newest span of its account there.
const (
	newestPosition = `(SELECT max(position) FROM events WHERE conversation = c.id)`
	receiptCount   = `(SELECT coalesce(max(count), 0) FROM receipts WHERE conversation = c.id)`

	headColumns = `c.conversation, ` + newestPosition + `, ` + receiptCount
	spanColumns = `c.conversation, coalesce(s.last, ` + newestPosition + `),
		CASE WHEN s.last IS NULL THEN ` + receiptCount + ` ELSE 0 END`
	spanNewest = `NOT EXISTS (SELECT 1 FROM spans
		WHERE conversation = s.conversation AND account = s.account AND first > s.first)`
)
