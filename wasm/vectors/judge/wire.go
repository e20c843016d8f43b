package judge

import (
	"fmt"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/vector"
	"sotto/wasm/wire"
)

func frame(_ Bench, c vector.Case) (Output, error) {
	f, err := wire.Decode(c.Bytes("bytes"))
	if err != nil {
		return nil, err
	}
	return Output{"kind": uint64(f.Kind), "id": f.ID, "body": []byte(f.Body)}, readBody(f)
}

func readBody(f wire.Frame) error {
	switch f.Kind {
	case wire.KindRegister:
		return wire.DecodeBody(f, &wire.Register{})
	case wire.KindLogin:
		return wire.DecodeBody(f, &wire.Login{})
	case wire.KindLookup:
		return wire.DecodeBody(f, &wire.Lookup{})
	case wire.KindChain:
		return wire.DecodeBody(f, &wire.Chain{})
	case wire.KindPrekey:
		return wire.DecodeBody(f, &wire.Prekey{})
	case wire.KindCommit:
		return wire.DecodeBody(f, &wire.Commit{})
	case wire.KindMessage:
		return wire.DecodeBody(f, &wire.Message{})
	case wire.KindFetch:
		return wire.DecodeBody(f, &wire.Fetch{})
	case wire.KindConversations:
		return wire.DecodeBody(f, &wire.Conversations{})
	case wire.KindReceipt:
		return wire.DecodeBody(f, &wire.Receipt{})
	case wire.KindCursor:
		return wire.DecodeBody(f, &wire.Cursor{})
	}
	return readGroupRequest(f)
}

func readGroupRequest(f wire.Frame) error {
	switch f.Kind {
	case wire.KindAsk:
		return wire.DecodeBody(f, &wire.Ask{})
	case wire.KindLeave:
		return wire.DecodeBody(f, &wire.Leave{})
	case wire.KindActivity:
		return wire.DecodeBody(f, &wire.Activity{})
	case wire.KindActivityPush:
		return wire.DecodeBody(f, &wire.ActivityPush{})
	}
	return readAnswer(f)
}

func readAnswer(f wire.Frame) error {
	switch f.Kind {
	case wire.KindHello:
		return wire.DecodeBody(f, &wire.Hello{})
	case wire.KindError:
		return wire.DecodeBody(f, &wire.Error{})
	case wire.KindDone:
		return wire.DecodeBody(f, &wire.Done{})
	case wire.KindAccount:
		return wire.DecodeBody(f, &wire.Account{})
	case wire.KindChainPage:
		return wire.DecodeBody(f, &wire.ChainPage{})
	case wire.KindHeads:
		return wire.DecodeBody(f, &wire.Heads{})
	case wire.KindStored:
		return wire.DecodeBody(f, &wire.Stored{})
	case wire.KindPage:
		return wire.DecodeBody(f, &wire.Page{})
	case wire.KindConversationPage:
		return wire.DecodeBody(f, &wire.ConversationPage{})
	case wire.KindEventPush:
		return wire.DecodeBody(f, &wire.EventPush{})
	case wire.KindReceiptPush:
		return wire.DecodeBody(f, &wire.ReceiptPush{})
	case wire.KindAskPush:
		return wire.DecodeBody(f, &wire.AskPush{})
	}
	return fmt.Errorf("kind %d: %w", f.Kind, cose.ErrMalformed)
}
