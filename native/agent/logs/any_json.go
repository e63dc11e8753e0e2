package logs

import "encoding/json"

// parseAnyJSON is for lines whose keys stand in another order, or which have attributes between them.
func parseAnyJSON(raw []byte, into *Entry, scratch *[]byte) error {
	var line struct {
		Log    string `json:"log"`
		Stream string `json:"stream"`
		Time   string `json:"time"`
	}
	if err := json.Unmarshal(raw, &line); err != nil {
		return errBadEntry
	}
	timeNs, ok := parseTime([]byte(line.Time))
	if !ok {
		return errBadEntry
	}
	*scratch = append((*scratch)[:0], line.Log...)
	into.Line, into.IsStderr, into.TimeNs = *scratch, line.Stream == "stderr", timeNs
	return nil
}
