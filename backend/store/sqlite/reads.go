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
	readMembership
	readHead
	readEvents
	readWraps
	readReceipts
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
	readMembership: `SELECT c.id FROM conversations c JOIN slots s ON s.conversation = c.id
		JOIN accounts a ON a.id = s.account WHERE c.conversation = ? AND a.account = ? LIMIT 1`,
	readHead:     `SELECT ` + headColumns + ` FROM conversations c WHERE c.id = ?`,
	readEvents:   `SELECT position, kind, event FROM events WHERE conversation = ? AND position > ? ORDER BY position`,
	readReceipts: `SELECT signal FROM receipts WHERE conversation = ? ORDER BY count`,
	readWraps: `SELECT w.position, w.wrap FROM wraps w JOIN devices d ON d.id = w.device
		WHERE d.device = ? AND w.conversation = ? AND w.position > ? AND w.position <= ?`,
	readConversations: `SELECT ` + headColumns + ` FROM conversations c
		WHERE c.conversation > ? AND c.id IN
		(SELECT s.conversation FROM slots s JOIN accounts a ON a.id = s.account WHERE a.account = ?)
		ORDER BY c.conversation LIMIT ?`,
}
