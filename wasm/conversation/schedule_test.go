package conversation_test

import (
	"encoding/hex"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
)

// bytesFrom gives 32 bytes that count up.
func bytesFrom(from byte) (b [32]byte) {
	for i := range b {
		b[i] = from + byte(i)
	}
	return b
}

// The values were computed by another program, in another language.
func TestSchedule(t *testing.T) {
	secret, header, device := cose.Secret(bytesFrom(0)), bytesFrom(100), account.DeviceID(bytesFrom(200))
	joiner := conversation.DeriveJoiner(cose.Secret{}, secret)
	epochKey := conversation.DeriveEpochKey(joiner, header)
	init := conversation.DeriveInit(epochKey)
	chain := conversation.DeriveChain(epochKey, device)
	for _, c := range []struct {
		name, want string
		got        [32]byte
	}{
		{"joiner", "46bd320605c5a6b6163ab70bc6345b92a5f908e79fe58979c23ebb47d1a5e307", joiner},
		{"epoch key", "0f60ae5e0d128db1823a6b614d0053675d9cf4388fb39d9d383e9d771f9bcfc9", epochKey},
		{"init", "d19668695135bff75b5543bd6d916e2008af19dc596c8573bb9dd0ffd7ed0e0a", init},
		{"joiner of the next epoch", "bb18fa7a957238d1f46d5986267300ff6c84f09ed55e600444b82fa1e25558de", conversation.DeriveJoiner(init, secret)},
		{"confirm", "e529e5dc8b463bd3be43cf007fb7ad6dee634c75dc48eaae96cdcf1c7d1ee4a7", conversation.DeriveConfirm(epochKey, header)},
		{"chain", "4d9c92b78a1a256d99be72efd68a204aca5556d1cf009ac41f691d8797d9630e", chain},
		{"signal key", "c8fc4f18d7f0dedeee6be59ff380835cd44995e356ac24ac3114ad95b67a257f", conversation.DeriveSignal(epochKey, device)},
		{"message key", "c9cd4d42c8ed1fafe88ab0d6ce4f3d32719e2bb00daaa83a11799118237f6b38", conversation.DeriveMessage(chain)},
		{"next chain", "f8f5b0a9b7d84113eff18d341602cc7415a6d3934939de8d275b05d1b1b9b33f", conversation.DeriveNext(chain)},
		{"KEK", "66e7fca4f21cc3f4e7f191174c1871b1d1ade8e148fe2bc49ba12a7f9df6b284", conversation.DeriveKEK(secret, header, device)},
	} {
		if hex.EncodeToString(c.got[:]) != c.want {
			t.Errorf("%s: %x, want %s", c.name, c.got[:], c.want)
		}
	}
}
