package relay

import (
	"net/netip"
	"slices"
	"sync"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Keys of the rates.
type (
	addressKey = netip.Prefix
	accountKey = account.ID
	deviceKey  = account.DeviceID
	roomKey    = epoch.ConversationID
)

// members are the sessions that are logged in, by account.
type members struct {
	limit int // sessions of one account

	mu       sync.RWMutex
	sessions map[account.ID][]*session
}

func newMembers(limit int) members {
	return members{limit: limit, sessions: make(map[account.ID][]*session)}
}

// join adds a session whose sender is set. It reports false when its account has too many.
func (m *members) join(s *session) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.sessions[s.sender.Account]
	if len(all) >= m.limit {
		return false
	}
	m.sessions[s.sender.Account] = append(all, s)
	return true
}

// leave takes a session out if it is in.
func (m *members) leave(s *session) {
	if s.sender == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.sessions[s.sender.Account]
	at := slices.Index(all, s)
	if at < 0 {
		return
	}
	all[at] = all[len(all)-1]
	all[len(all)-1] = nil
	if all = all[:len(all)-1]; len(all) == 0 {
		delete(m.sessions, s.sender.Account)
		return
	}
	m.sessions[s.sender.Account] = all
}

// each calls f with every session of the roster's accounts. f must not wait.
func (m *members) each(roster store.Roster, f func(*session)) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for i, r := range roster {
		if i > 0 && roster[i-1].Account == r.Account {
			continue // a roster is ordered by account
		}
		for _, s := range m.sessions[r.Account] {
			f(s)
		}
	}
}
