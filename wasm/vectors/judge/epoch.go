package judge

import (
	"strconv"
	"strings"

	"sotto/wasm/account"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/vector"
)

func directID(_ Bench, c vector.Case) (Output, error) {
	id := epoch.DirectID(account.ID(c.Bytes("a")), account.ID(c.Bytes("b")))
	return Output{"id": id[:]}, nil
}

// kinds reads a list of kinds.
func kinds(c vector.Case) ([]epoch.Kind, error) {
	var list []epoch.Kind
	for _, text := range strings.Fields(c.Text("kinds")) {
		n, err := strconv.ParseUint(text, 10, 8)
		if err != nil {
			return nil, err
		}
		list = append(list, epoch.Kind(n))
	}
	return list, nil
}

func logChain(_ Bench, c vector.Case) (Output, error) {
	id := epoch.ConversationID(c.Bytes("conversation"))
	kinds, err := kinds(c)
	if err != nil {
		return nil, err
	}
	at := epoch.LogStart(id)
	log := [][]byte{at[:]}
	for i, hash := range c.List("hashes") {
		next := epoch.LogNext(id, epoch.Position(i+1), epoch.LogHash(log[i]), kinds[i], [32]byte(hash))
		log = append(log, next[:])
	}
	return Output{"log": log}, nil
}

func header(_ Bench, c vector.Case) (Output, error) {
	h, err := epoch.ParseHeader(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	var devices [][]byte
	for _, e := range h.Entries() {
		devices = append(devices, e.Device[:])
	}
	return Output{
		"hash": h.Hash(), "conversation": h.Conversation[:], "number": uint64(h.Number), "prev": h.Prev,
		"seen-position": uint64(h.Seen.Position), "seen-log": [32]byte(h.Seen.Log), "creator": [32]byte(h.Creator), "time": h.Time,
		"devices": devices,
	}, nil
}

func commit(_ Bench, c vector.Case) (Output, error) {
	parsed, err := epoch.ParseCommit(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	return Output{"id": [32]byte(parsed.ID), "header": parsed.Header.Bytes(), "confirm": parsed.Confirm, "wraps": parsed.Wraps}, nil
}

// people reads the chains of alice and bob.
func people(b Bench, c vector.Case) (map[account.ID]*account.Chain, error) {
	chains := map[account.ID]*account.Chain{}
	for _, name := range []string{"alice", "bob"} {
		chain, err := account.ParseChain(b.Primitives, c.List(name))
		if err != nil {
			return nil, err
		}
		chains[chain.ID()] = chain
	}
	return chains, nil
}

func commitRules(b Bench, c vector.Case) (Output, error) {
	chains, err := people(b, c)
	if err != nil {
		return nil, err
	}
	parsed, err := epoch.ParseCommit(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	var standing *epoch.Standing
	if data := c.Bytes("before"); len(data) > 0 {
		before, err := epoch.ParseCommit(data)
		if err != nil {
			return nil, err
		}
		standing = &epoch.Standing{ID: before.ID, Header: before.Header}
	}
	err = parsed.Check(b.Primitives, standing, func(id account.ID) (*account.Chain, bool) { chain, ok := chains[id]; return chain, ok })
	return Output{"id": [32]byte(parsed.ID)}, err
}
