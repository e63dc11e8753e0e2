package logs

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"unicode/utf8"

	"slipway/agent/wire"
)

// SearchArgs say what is looked for in a whole log.
type SearchArgs struct {
	Source
	Pattern string `json:"pattern"`
	IsRegex bool   `json:"isRegex"`
	// Letters match in either case.
	IgnoreCase bool `json:"ignoreCase"`
	Stdout     bool `json:"stdout"`
	Stderr     bool `json:"stderr"`
	// At most so many matches are told; all are counted.
	Limit int `json:"limit"`
}

// Match is a line with at least one hit.
type Match struct {
	// The line's number in the log, from 0. Pieces of a long line count as one.
	Line     int64 `json:"line"`
	TimeNs   int64 `json:"timeNs,string"`
	IsStderr bool  `json:"isStderr"`
	// The text around the first hit, at most excerptBytes; invalid UTF-8 is replaced.
	Text string `json:"text"`
	// Where the first hit is in Text, in bytes of UTF-8.
	Start int `json:"start"`
	End   int `json:"end"`
	// Hits in the line.
	Hits int `json:"hits"`
}

// Found is one message of a search: matches, and how far it has come.
type Found struct {
	Matches []Match `json:"matches"`
	Lines   int64   `json:"lines"`
	// Lines with a hit so far, and hits.
	MatchingLines int64 `json:"matchingLines"`
	Hits          int64 `json:"hits"`
	IsDone        bool  `json:"isDone"`
}

const (
	maxPatternBytes = 4096
	maxLimit        = 100_000
	excerptBytes    = 512
	matchesAMessage = 200
	// A line longer than this is searched in its first part: 20 MB lines exist.
	maxLineBytes = 1 << 20
	// How often a long search says how far it is.
	linesAMessage = 1 << 20
)

// Search serves `logs.search`.
func Search(hostRoot string) wire.Open {
	return func(s *wire.Stream, raw json.RawMessage) error {
		args := SearchArgs{Stdout: true, Stderr: true, Limit: 10_000}
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return err
		}
		find, err := args.finder()
		if err != nil {
			return err
		}
		path, err := args.path(hostRoot)
		if err != nil {
			return err
		}
		all, err := openSegments(path)
		if err != nil {
			return err
		}
		defer closeAll(all)
		h := &hunt{args: args, stream: s, find: find, needle: args.rawNeedle()}
		for _, one := range all {
			from, err := one.reader(0)
			if err != nil {
				return err
			}
			if err := h.scan(newScanner(from, args.format())); err != nil {
				return err
			}
		}
		h.endLine()
		h.found.IsDone = true
		return h.send()
	}
}

// finder gives all hits of the pattern in a line.
func (a SearchArgs) finder() (func(line []byte) [][]int, error) {
	if a.Pattern == "" || len(a.Pattern) > maxPatternBytes || a.Limit < 0 || a.Limit > maxLimit {
		return nil, wire.BadArgs("The pattern is empty or too long, or the limit is out of range")
	}
	text := a.Pattern
	if !a.IsRegex {
		if !a.IgnoreCase {
			return literal([]byte(text)), nil
		}
		text = regexp.QuoteMeta(text)
	}
	if a.IgnoreCase {
		text = "(?i)" + text
	}
	// RE2: its time grows with the line, whatever the pattern is.
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, wire.BadArgs("The pattern is no regular expression: %v", err).With("path", "pattern")
	}
	return func(line []byte) [][]int { return compiled.FindAllIndex(line, -1) }, nil
}

func literal(needle []byte) func(line []byte) [][]int {
	return func(line []byte) (hits [][]int) {
		for at := 0; ; {
			next := bytes.Index(line[at:], needle)
			if next < 0 {
				return hits
			}
			hits = append(hits, []int{at + next, at + next + len(needle)})
			at += next + len(needle)
		}
	}
}

// rawNeedle is what a file's line must contain, as the driver escapes it, for the pattern to be in it; nil where
// that cannot be told. Most lines are passed over by it without being decoded.
func (a SearchArgs) rawNeedle() []byte {
	if a.IsRegex || a.IgnoreCase {
		return nil
	}
	for _, c := range []byte(a.Pattern) {
		// What a driver may write in more than one way is not looked for raw.
		if c < 0x20 || c > 0x7e || bytes.IndexByte([]byte(`"\<>&/`), c) >= 0 {
			return nil
		}
	}
	return []byte(a.Pattern)
}

type hunt struct {
	args    SearchArgs
	stream  *wire.Stream
	find    func(line []byte) [][]int
	needle  []byte
	found   Found
	told    int
	entry   Entry
	scratch []byte
	// A line whose newline has not come: pieces of 16 KiB, and what the other stream writes between them.
	open [2]openLine
}

type openLine struct {
	text   []byte
	number int64
	timeNs int64
	isOpen bool
}

func (h *hunt) scan(s *scanner) error {
	s.ctx = h.stream.Context()
	for {
		raw, err := s.next()
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err == errBadEntry {
			return wire.Errorf("engine.bad-answer", "The log file is damaged")
		}
		if err != nil {
			return err
		}
		if err := h.look(raw); err != nil {
			return err
		}
	}
}

func (h *hunt) look(raw []byte) error {
	// Whole lines that do not contain the needle are counted and passed over.
	if h.needle != nil && !h.open[0].isOpen && !h.open[1].isOpen && h.isWholeLine(raw) && !bytes.Contains(raw, h.needle) {
		h.found.Lines++
		return h.progress()
	}
	if err := parse(h.args.format(), raw, &h.entry, &h.scratch); err != nil {
		return wire.Errorf("engine.bad-answer", "The log file is damaged")
	}
	e := &h.entry
	line := &h.open[boolIndex(e.IsStderr)]
	if !line.isOpen {
		*line = openLine{text: line.text[:0], number: h.found.Lines, timeNs: e.TimeNs, isOpen: true}
		h.found.Lines++
	}
	if room := maxLineBytes - len(line.text); room > 0 {
		if room > len(e.Line) {
			room = len(e.Line)
		}
		line.text = append(line.text, e.Line[:room]...)
	}
	if len(e.Line) > 0 && e.Line[len(e.Line)-1] == '\n' {
		return h.close(boolIndex(e.IsStderr))
	}
	return h.progress()
}

// isWholeLine: the driver's own escape of the newline stands before the stream's name.
func (h *hunt) isWholeLine(raw []byte) bool {
	if h.args.format().isLocal {
		return false
	}
	return bytes.Contains(raw, []byte(`\n","stream":"`))
}

func (h *hunt) endLine() {
	for i := range h.open {
		if h.open[i].isOpen {
			_ = h.close(i)
		}
	}
}

func (h *hunt) close(which int) error {
	line := &h.open[which]
	line.isOpen = false
	if which == 1 && !h.args.Stderr || which == 0 && !h.args.Stdout {
		return h.progress()
	}
	text := bytes.TrimSuffix(line.text, []byte("\n"))
	hits := h.find(text)
	if len(hits) == 0 {
		return h.progress()
	}
	h.found.MatchingLines++
	h.found.Hits += int64(len(hits))
	if h.told < h.args.Limit {
		h.told++
		h.found.Matches = append(h.found.Matches, matchOf(text, line, hits, which == 1))
	}
	return h.progress()
}

func matchOf(text []byte, line *openLine, hits [][]int, isStderr bool) Match {
	first := hits[0]
	from, to := excerpt(text, first[0], first[1])
	before := bytes.ToValidUTF8(text[from:first[0]], []byte("\uFFFD"))
	end := first[1]
	if end > to {
		end = to
	}
	hit := bytes.ToValidUTF8(text[first[0]:end], []byte("\uFFFD"))
	after := bytes.ToValidUTF8(text[end:to], []byte("\uFFFD"))
	return Match{
		Line: line.number, TimeNs: line.timeNs, IsStderr: isStderr, Hits: len(hits),
		Text:  string(before) + string(hit) + string(after),
		Start: len(before), End: len(before) + len(hit),
	}
}

// excerpt keeps a hit in sight and cuts between characters.
func excerpt(text []byte, start, end int) (from, to int) {
	if len(text) <= excerptBytes {
		return 0, len(text)
	}
	from = start - excerptBytes/4
	if from < 0 {
		from = 0
	}
	to = from + excerptBytes
	if to > len(text) {
		to = len(text)
	}
	for from < start && !utf8.RuneStart(text[from]) {
		from++
	}
	for to < len(text) && to > start && !utf8.RuneStart(text[to]) {
		to--
	}
	return from, to
}

func (h *hunt) progress() error {
	if len(h.found.Matches) < matchesAMessage && h.found.Lines%linesAMessage != 0 {
		return nil
	}
	return h.send()
}

func (h *hunt) send() error {
	if h.found.Matches == nil {
		h.found.Matches = []Match{}
	}
	err := h.stream.SendMessage(h.found)
	h.found.Matches = h.found.Matches[:0]
	return err
}

func boolIndex(is bool) int {
	if is {
		return 1
	}
	return 0
}
