package sqlite

// readStatement names a prepared statement of the readers.
type readStatement int

const (
	readHandle readStatement = iota
	readDevice
	readAccount
	readLinks
	readPrekeys
	readStanding
	readLeft
	readSpan
	readNewestSpan
	readHead
	readEvents
	readHashes
	readWraps
	readReceipts
	readAsks
	readConversations
	readCount
)

var readTexts = [readCount]string{
	readHandle: `SELECT account FROM accounts WHERE handle = ?`,
	readDevice: `SELECT a.account, d.key, d.active FROM devices d JOIN accounts a ON a.id = d.account
		WHERE d.device = ?`,
	readAccount: `SELECT id, handle FROM accounts WHERE account = ?`,
	readLinks:   `SELECT number, hash, link FROM links WHERE account = ? AND number >= ? ORDER BY number`,
	readPrekeys: `SELECT d.device, p.counter, p.thumbprint, p.prekey FROM devices d JOIN prekeys p ON p.device = d.id
		WHERE d.account = ? AND d.active ORDER BY d.device`,

	readStanding: `SELECT c.n, e.event FROM conversations c
		JOIN events e ON e.conversation = c.id AND e.position = c.opened WHERE c.conversation = ?`,
	readLeft: `SELECT a.account, e.position FROM conversations c
		JOIN events e ON e.conversation = c.id AND e.n = c.n AND e.kind = 2
		JOIN devices d ON d.id = e.device JOIN accounts a ON a.id = d.account
		WHERE c.conversation = ? ORDER BY e.position`,
	readSpan: `SELECT seen, first, last FROM spans
		WHERE conversation = ? AND account = ? AND (last IS NULL OR last > ?) ORDER BY first LIMIT 1`,
	readNewestSpan: `SELECT c.id, s.account, s.last FROM spans s JOIN conversations c ON c.id = s.conversation
		JOIN accounts a ON a.id = s.account WHERE c.conversation = ? AND a.account = ? ORDER BY s.first DESC LIMIT 1`,
	readHead: `SELECT ` + headColumns + ` FROM conversations c WHERE c.id = ?`,
	readEvents: `SELECT position, kind, event FROM events
		WHERE conversation = ? AND position > ? AND position <= ? ORDER BY position`,
	readHashes: `SELECT kind, hash FROM events
		WHERE conversation = ? AND position > ? AND position < ? ORDER BY position`,
	readReceipts: `SELECT r.signal FROM receipts r JOIN conversations c ON c.id = r.conversation
		WHERE r.conversation = ? AND r.n = c.n ORDER BY r.count DESC LIMIT ?`,
	readAsks: `SELECT ask, tag FROM asks WHERE conversation = ? AND expiry > ? ORDER BY id`,
	readWraps: `SELECT w.position, w.wrap FROM wraps w JOIN devices d ON d.id = w.device
		WHERE d.device = ? AND w.conversation = ? AND w.position > ? AND w.position <= ?`,
	readConversations: `SELECT ` + spanColumns + ` FROM conversations c JOIN spans s ON s.conversation = c.id
		JOIN accounts a ON a.id = s.account
		WHERE c.conversation > ? AND a.account = ? AND ` + spanNewest + ` ORDER BY c.conversation LIMIT ?`,
}
