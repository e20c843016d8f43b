package judge

import (
	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/vectors/vector"
)

func chain(b Bench, c vector.Case) (Output, error) {
	chain, err := account.ParseChain(b.Primitives, c.List("links"))
	if err != nil {
		return nil, err
	}
	var active [][]byte
	for _, d := range chain.Active() {
		active = append(active, d.ID[:])
	}
	head := chain.Head()
	return Output{"account": [32]byte(chain.ID()), "head-number": head.Number, "head-hash": head.Hash, "active": active}, nil
}

func prekey(b Bench, c vector.Case) (Output, error) {
	k, err := account.ParsePrekey(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	return Output{
		"account": [32]byte(k.Account), "device": [32]byte(k.Device), "counter": k.Counter, "expiry": k.Expiry,
		"thumbprint": [32]byte(k.Thumbprint()),
	}, verified(b, c, k.Verify)
}

func login(b Bench, c vector.Case) (Output, error) {
	l, err := account.ParseLogin(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	key, err := cose.ParseRSAKey(c.Bytes("key"))
	if err != nil {
		return nil, err
	}
	err = l.Verify(b.Primitives, key, c.Text("origin"), [32]byte(c.Bytes("nonce")))
	return Output{"account": [32]byte(l.Account), "device": [32]byte(l.Device)}, err
}

func safetyNumber(_ Bench, c vector.Case) (Output, error) {
	return Output{"text": account.SafetyNumber(account.ID(c.Bytes("a")), account.ID(c.Bytes("b")))}, nil
}

func code(_ Bench, c vector.Case) (Output, error) {
	k, err := account.ParseCode(c.Text("text"))
	if err != nil {
		return nil, err
	}
	return Output{
		"low": [32]byte(k.Low.Account), "low-number": k.Low.Head.Number, "low-hash": k.Low.Head.Hash,
		"high": [32]byte(k.High.Account), "high-number": k.High.Head.Number, "high-hash": k.High.Head.Hash,
	}, nil
}

func handle(_ Bench, c vector.Case) (Output, error) {
	h, err := account.ParseHandle(c.Text("text"))
	return Output{"text": string(h)}, err
}
