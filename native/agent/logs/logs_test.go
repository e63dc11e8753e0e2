package logs

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

type line struct {
	text     string
	isStderr bool
	timeNs   int64
}

func stream(l line) string {
	if l.isStderr {
		return "stderr"
	}
	return "stdout"
}

// jsonOf writes a line as encoding/json does: like the driver it escapes <, > and & and replaces invalid UTF-8.
func jsonOf(t testing.TB, l line) []byte {
	t.Helper()
	text, err := json.Marshal(l.text)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(0, l.timeNs).UTC().Format(time.RFC3339Nano)
	return []byte(fmt.Sprintf(`{"log":%s,"stream":"%s","time":"%s"}`+"\n", text, stream(l), at))
}

func field(number, wire int, body []byte) []byte {
	out := binary.AppendUvarint(nil, uint64(number<<3|wire))
	if wire == 2 {
		out = binary.AppendUvarint(out, uint64(len(body)))
	}
	return append(out, body...)
}

// localOf writes an entry as the local driver does; a text without newline is a piece of a longer line.
func localOf(l line, isLastPiece bool) []byte {
	text := strings.TrimSuffix(l.text, "\n")
	body := field(1, 2, []byte(stream(l)))
	body = append(body, field(2, 0, binary.AppendUvarint(nil, uint64(l.timeNs)))...)
	body = append(body, field(3, 2, []byte(text))...)
	if !strings.HasSuffix(l.text, "\n") || isLastPiece {
		body = append(body, field(4, 0, []byte{1})...)
		last := byte(0)
		if isLastPiece {
			last = 1
		}
		body = append(body, field(5, 2, field(1, 0, []byte{last}))...)
	}
	size := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	return append(append(append([]byte{}, size...), body...), size...)
}

func randomLines(seed int64, count int) []line {
	random := rand.New(rand.NewSource(seed))
	lines := make([]line, count)
	at := time.Date(2024, 2, 28, 23, 59, 0, 0, time.UTC).UnixNano()
	for i := range lines {
		at += random.Int63n(3e9)
		text := make([]rune, random.Intn(80))
		for k := range text {
			text[k] = []rune("abc \t\r\"\\/<>&\u2028\x00\x1b\x7f한글🚢é")[random.Intn(20)]
		}
		lines[i] = line{string(text) + "\n", random.Intn(3) == 0, at}
	}
	return lines
}

func segmentOf(t testing.TB, raw []byte) segment {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return segment{file: file}
}

func readAll(t testing.TB, s segment, offset int64, isLocal bool) []line {
	t.Helper()
	from, err := s.reader(offset)
	if err != nil {
		t.Fatal(err)
	}
	scan := newScanner(from, format{isLocal: isLocal})
	var entry Entry
	var scratch []byte
	lines := []line{}
	for {
		raw, err := scan.next()
		if err == io.EOF {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := parse(format{isLocal: isLocal}, raw, &entry, &scratch); err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		lines = append(lines, line{string(entry.Line), entry.IsStderr, entry.TimeNs})
	}
}

func same(t *testing.T, what string, got, want []line) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d lines, want %d", what, len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%s: line %d is %+v, want %+v", what, i, got[i], want[i])
		}
	}
}

func TestBothDriversGiveBackWhatWasWritten(t *testing.T) {
	lines := randomLines(1, 3000)
	var asJSON, asLocal []byte
	for _, l := range lines {
		asJSON = append(asJSON, jsonOf(t, l)...)
		asLocal = append(asLocal, localOf(l, false)...)
	}
	same(t, "json-file", readAll(t, segmentOf(t, asJSON), 0, false), lines)
	same(t, "local", readAll(t, segmentOf(t, asLocal), 0, true), lines)
}

func TestPiecesOfALongLine(t *testing.T) {
	pieces := []line{{"abc", false, 1}, {"def\n", false, 2}}
	raw := append(localOf(pieces[0], false), localOf(pieces[1], true)...)
	same(t, "local", readAll(t, segmentOf(t, raw), 0, true), pieces)
}

func TestUnusualJSON(t *testing.T) {
	for raw, want := range map[string]line{
		`{"stream":"stderr","log":"a\n","time":"2024-01-02T03:04:05Z"}`:                                    {"a\n", true, 1704164645000000000},
		`{"log":"a\n","stream":"stdout","attrs":{"time\"":"x"},"time":"2024-01-02T03:04:05.5Z"}`:           {"a\n", false, 1704164645500000000},
		`{"log":"\ud83d\udea2 \ud83d \u00e9\/","stream":"stdout","time":"2024-01-02T03:04:05.000000001Z"}`: {"🚢 \uFFFD é/", false, 1704164645000000001},
		`{"log":"x","stream":"stdout","time":"2024-01-02T05:04:05+02:00"}`:                                 {"x", false, 1704164645000000000},
	} {
		got := readAll(t, segmentOf(t, []byte(raw+"\n")), 0, false)
		same(t, raw, got, []line{want})
	}
}

func TestTailFindsTheLastLines(t *testing.T) {
	lines := randomLines(2, 5000)
	for _, isLocal := range []bool{false, true} {
		all := []segment{}
		// Three files: two rotated ones, the oldest compressed.
		for i, part := range [][]line{lines[:1000], lines[1000:1003], lines[1003:]} {
			var raw []byte
			for _, l := range part {
				if isLocal {
					raw = append(raw, localOf(l, false)...)
				} else {
					raw = append(raw, jsonOf(t, l)...)
				}
			}
			if i == 0 {
				var packed bytes.Buffer
				w := gzip.NewWriter(&packed)
				if _, err := w.Write(raw); err != nil {
					t.Fatal(err)
				}
				w.Close()
				s := segmentOf(t, packed.Bytes())
				s.isGzip = true
				all = append(all, s)
				continue
			}
			all = append(all, segmentOf(t, raw))
		}
		for _, n := range []int{0, 1, 2, 3996, 3997, 3998, 4000, 4001, 4999, 5000, 6000} {
			at, err := tailOf(context.Background(), all, format{isLocal: isLocal}, n)
			if err != nil {
				t.Fatal(err)
			}
			got := readAll(t, all[at.segment], at.offset, isLocal)
			for _, s := range all[at.segment+1:] {
				got = append(got, readAll(t, s, 0, isLocal)...)
			}
			want := lines
			if n < len(lines) {
				want = lines[len(lines)-n:]
			}
			same(t, fmt.Sprintf("local %v, last %d", isLocal, n), got, want)
		}
	}
}

func TestAHalfWrittenEntryWaitsForItsRest(t *testing.T) {
	lines := randomLines(3, 10)
	for _, isLocal := range []bool{false, true} {
		var raw []byte
		for _, l := range lines {
			if isLocal {
				raw = append(raw, localOf(l, false)...)
			} else {
				raw = append(raw, jsonOf(t, l)...)
			}
		}
		path := filepath.Join(t.TempDir(), "log")
		out, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		scan := newScanner(in, format{isLocal: isLocal})
		got := 0
		for i := range raw {
			if _, err := out.Write(raw[i : i+1]); err != nil {
				t.Fatal(err)
			}
			if _, err := scan.next(); err == nil {
				got++
			} else if err != io.EOF {
				t.Fatal(err)
			}
		}
		if got != len(lines) {
			t.Errorf("local %v: %d entries", isLocal, got)
		}
	}
}

func TestSinceFindsItsLine(t *testing.T) {
	lines := randomLines(4, 20_000)
	var raw []byte
	for _, l := range lines {
		raw = append(raw, jsonOf(t, l)...)
	}
	s := segmentOf(t, raw)
	for _, i := range []int{0, 1, 777, 10_000, 19_999} {
		at, err := sinceOf([]segment{s}, format{}, lines[i].timeNs)
		if err != nil {
			t.Fatal(err)
		}
		got := readAll(t, s, at.offset, false)
		for len(got) > 0 && got[0].timeNs < lines[i].timeNs {
			got = got[1:]
		}
		first := i
		for first > 0 && lines[first-1].timeNs == lines[i].timeNs {
			first--
		}
		same(t, fmt.Sprintf("since %d", i), got, lines[first:])
		if skipped := len(raw) - int(at.offset); i == 10_000 && skipped > len(raw)*2/3 {
			t.Errorf("read %d of %d bytes", skipped, len(raw))
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, l := range randomLines(5, 50) {
		f.Add(bytes.TrimSuffix(jsonOf(f, l), []byte("\n")))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var entry, slow Entry
		var scratch, slowScratch []byte
		fastErr, slowErr := parseJSON(raw, &entry, &scratch), parseAnyJSON(raw, &slow, &slowScratch)
		// Both ways agree on what both can read.
		if fastErr == nil && slowErr == nil && !bytes.Contains(raw, []byte(`,"log"`)) &&
			(string(entry.Line) != string(slow.Line) || entry.TimeNs != slow.TimeNs) && isUniqueKeys(raw) {
			t.Fatalf("%q: %+v, %+v", raw, entry, slow)
		}
	})
}

// A key that stands twice means its last value to encoding/json and its first to us: no driver writes that.
func isUniqueKeys(raw []byte) bool {
	lower := bytes.ToLower(raw)
	for _, key := range []string{`"log"`, `"stream"`, `"time"`} {
		if bytes.Count(lower, []byte(key)) != 1 {
			return false
		}
	}
	return bytes.HasPrefix(raw, []byte(`{"log":"`)) && bytes.Count(raw, []byte("{")) == 1 && json.Valid(raw) && utf8Valid(raw)
}

func utf8Valid(raw []byte) bool { return bytes.Equal(bytes.ToValidUTF8(raw, nil), raw) }

func FuzzLocal(f *testing.F) {
	for _, l := range randomLines(6, 50) {
		f.Add(localOf(l, false))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		scan := newScanner(bytes.NewReader(raw), format{isLocal: true})
		var entry Entry
		var scratch []byte
		for {
			one, err := scan.next()
			if err != nil {
				return
			}
			_ = parseLocal(one, &entry, &scratch, false)
		}
	})
}
