package storetest

import (
	"errors"
	"testing"

	"sotto/backend/store"
)

// Run runs all tests. fresh gives an opener for data of its own.
func Run(t *testing.T, fresh func(t *testing.T) Opener) {
	tests := []struct {
		name string
		run  func(*testing.T, *World)
	}{
		{"Register", testRegister},
		{"RegisterRace", testRegisterRace},
		{"Directory", testDirectory},
		{"Prekeys", testPrekeys},
		{"PrekeyHeads", testPrekeyHeads},
		{"Commit", testCommit},
		{"CommitRefused", testCommitRefused},
		{"CommitRace", testCommitRace},
		{"CommitNamesCurrentKeys", testCommitNamesCurrentKeys},
		{"Message", testMessage},
		{"MessageRefused", testMessageRefused},
		{"MessageAgainInOldEpoch", testMessageAgainInOldEpoch},
		{"EpochFull", testEpochFull},
		{"ManyWriters", testManyWriters},
		{"RefusalsLeaveOthersAlone", testRefusalsLeaveOthersAlone},
		{"Receipts", testReceipts},
		{"Cursors", testCursors},
		{"Pages", testPages},
		{"Conversations", testConversations},
		{"Seen", testSeen},
		{"SeenSince", testSeenSince},
		{"Leave", testLeave},
		{"LeaveRefused", testLeaveRefused},
		{"LeaveRace", testLeaveRace},
		{"CommitAfterLeave", testCommitAfterLeave},
		{"Newcomer", testNewcomer},
		{"NothingBefore", testNothingBefore},
		{"Removed", testRemoved},
		{"Again", testAgain},
		{"MixedList", testMixedList},
		{"Large", testLarge},
		{"Asks", testAsks},
		{"AsksEnd", testAsksEnd},
		{"AsksBounded", testAsksBounded},
		{"Crowd", testCrowd},
		{"FullPages", testFullPages},
		{"Restart", testRestart},
		{"Close", testClose},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, NewWorld(t, fresh(t))) })
	}
}

// refused checks that an error is the wanted one.
func refused(t *testing.T, name string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

// staleAt checks that an answer is a [store.StaleEpochError] that names the epoch.
func staleAt(t *testing.T, name string, got error, newest uint64) {
	t.Helper()
	var stale *store.StaleEpochError
	if !errors.As(got, &stale) || uint64(stale.Newest) != newest {
		t.Errorf("%s: got %v, want stale with newest %d", name, got, newest)
	}
}
