// Package golden is for tests: it reads the messages that core's own tests read, too.
package golden

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// Read fills `into` with a file of messages.
func Read(t testing.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../../testing/fixtures/agent-wire", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// MustBe compares two messages as JSON knows them.
func MustBe(t testing.TB, what string, got, want any) {
	t.Helper()
	if got, want := plain(t, got), plain(t, want); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Understood gives what `into` took of a message, by the names that it was said with.
func Understood(t testing.TB, message map[string]any, into any) map[string]any {
	t.Helper()
	text, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
	understood := map[string]any{}
	for key, value := range plain(t, into).(map[string]any) {
		if _, isSaid := message[key]; isSaid {
			understood[key] = value
		}
	}
	return understood
}

// plain is a message without the order of its fields, and without Go's types.
func plain(t testing.TB, message any) any {
	t.Helper()
	text, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}
