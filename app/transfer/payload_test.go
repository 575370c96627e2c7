package transfer

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestInvalidPayloadIsAPermanentFailure(t *testing.T) {
	s := New(Config{})
	handlers := s.Handlers()
	for _, kind := range s.Kinds() {
		for _, payload := range []string{`[]`, `{"unknown":1}`, `{"full":"yes"}`, `{"recording_id":0}`, `{"recording_id":"1"}`} {
			_, checkErr := kind.Check(json.RawMessage(payload))
			require.Error(t, checkErr, "%s %s", kind.Name, payload)
			assert.Contains(t, checkErr.Error(), "The payload")

			// The payload is checked before a database is opened: this service has none.
			_, err := handlers[kind.Name](t.Context(), queue.Job{Payload: json.RawMessage(payload)}, nil)
			failure, ok := errors.AsType[*queue.Failure](err)
			require.True(t, ok, "%s %s: %v", kind.Name, payload, err)
			assert.True(t, failure.Permanent)
			assert.Equal(t, checkErr.Error(), failure.Message)
		}
	}
	require.NoError(t, s.Stop(t.Context()))
}

func TestPayloadDeterminesTheDedupeKey(t *testing.T) {
	for _, test := range []struct{ kind, payload, key string }{
		{KindSync, `{}`, ""},
		{KindSync, `{"full":true}`, ""},
		{KindTransfer, `{"recording_id":1001}`, "1001"},
		{KindParts, `{}`, ""},
		{KindParts, `{"recording_id":1001}`, "1001"},
	} {
		for _, kind := range New(Config{}).Kinds() {
			if kind.Name != test.kind {
				continue
			}
			key, err := kind.Check(json.RawMessage(test.payload))
			require.NoError(t, err)
			assert.Equal(t, test.key, key)
		}
	}
}

func TestOnlyARequestForTheUploadEndsTheLookBefore(t *testing.T) {
	for _, test := range []struct {
		active, requested string
		unlessFound       bool
	}{
		{`{"recording_id":1,"unless_found":true}`, `{"recording_id":1,"unless_found":true}`, true},
		{`{"recording_id":1,"unless_found":true}`, `{"recording_id":1}`, false},
		{`{"recording_id":1}`, `{"recording_id":1,"unless_found":true}`, false},
		{`{"recording_id":1,"unless_found":true}`, `{"recording_id":1,"deliver":false,"again":true}`, true},
		{`{"recording_id":1,"deliver":false}`, `{"recording_id":1,"unless_found":true}`, true},
	} {
		raw, _ := mergeTransfer(json.RawMessage(test.active), json.RawMessage(test.requested))
		merged, err := decodeTransfer(raw)
		require.NoError(t, err)
		assert.Equal(t, test.unlessFound, merged.UnlessFound, "%s, then %s", test.active, test.requested)
	}
}
