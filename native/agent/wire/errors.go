package wire

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Error is a problem of the person or of what they asked for: its code is one of core's error codes.
type Error struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Facts   map[string]any `json:"facts"`
}

func (e *Error) Error() string { return e.Message }

// Errorf makes an Error without facts.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Facts: map[string]any{}}
}

// With adds a small plain fact that the words on screen may mention. Never a secret.
func (e *Error) With(key string, value any) *Error {
	e.Facts[key] = value
	return e
}

// BadArgs is what a call gives whose arguments are not what it takes.
func BadArgs(format string, args ...any) *Error {
	return Errorf("input.invalid", format, args...)
}

// DecodeArgs reads a call's arguments strictly: an unknown key is a client of another version.
func DecodeArgs(raw json.RawMessage, into any) error {
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return BadArgs("arguments: %v", err)
	}
	return nil
}

// What is no Error is a bug of ours: its text goes to the log, never over the wire.
func toError(err error, log func(string)) *Error {
	var known *Error
	if errors.As(err, &known) {
		if known.Facts == nil {
			known.Facts = map[string]any{}
		}
		return known
	}
	log(err.Error())
	return Errorf("bug", "Something went wrong inside the agent")
}
