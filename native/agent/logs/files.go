package logs

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"slipway/agent/wire"
)

// Source says whose log is read: where the engine keeps its data, which container, which driver.
type Source struct {
	// The engine's data root on its host, absolute.
	Root      string `json:"root"`
	Container string `json:"container"`
	// "json-file" or "local".
	Driver string `json:"driver"`
	// Engines before 23.0 do not give back the newline of a line that the local driver keeps in pieces.
	DropsNewline bool `json:"dropsNewline"`
}

var containerID = regexp.MustCompile(`^[0-9a-f]{64}$`)

// maxRotated is more files than anyone keeps: it bounds a folder gone wrong.
const maxRotated = 1000

func (s Source) format() format { return format{s.Driver == "local", s.DropsNewline} }

// format is how a driver writes its entries, and how the engine reads them.
type format struct {
	isLocal, dropsNewline bool
}

// path is the newest file, below where the host stands for us.
func (s Source) path(hostRoot string) (string, error) {
	if !containerID.MatchString(s.Container) {
		return "", wire.BadArgs("%q is no container id", s.Container)
	}
	if !filepath.IsAbs(s.Root) || filepath.Clean(s.Root) != s.Root {
		return "", wire.BadArgs("%q is no absolute path", s.Root)
	}
	dir := filepath.Join(hostRoot, s.Root, "containers", s.Container)
	switch s.Driver {
	case "json-file":
		return filepath.Join(dir, s.Container+"-json.log"), nil
	case "local":
		return filepath.Join(dir, "local-logs", "container.log"), nil
	default:
		return "", wire.Errorf("engine.unsupported", "The log driver %s keeps no file that is read here", s.Driver).
			With("driver", s.Driver)
	}
}

// segment is one file of a log; the newest is the one that is written.
type segment struct {
	file   *os.File
	isGzip bool
}

// openSegments opens all files of a log, the oldest first. Opened files stay readable when they are rotated away.
func openSegments(path string) ([]segment, error) {
	newest, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, wire.Errorf("object.not-found", "There is no log file").With("path", path)
	}
	if err != nil {
		return nil, wire.Errorf("file.failed", "The log cannot be opened").With("path", path).With("reason", reason(err))
	}
	all := []segment{{file: newest}}
	for i := 1; i < maxRotated; i++ {
		older, isThere := openRotated(path, i)
		if !isThere {
			break
		}
		all = append([]segment{older}, all...)
	}
	return all, nil
}

func openRotated(path string, number int) (segment, bool) {
	name := fmt.Sprintf("%s.%d", path, number)
	if file, err := os.Open(name); err == nil {
		return segment{file: file}, true
	}
	if file, err := os.Open(name + ".gz"); err == nil {
		return segment{file: file, isGzip: true}, true
	}
	return segment{}, false
}

func closeAll(all []segment) {
	for _, one := range all {
		one.file.Close()
	}
}

// reader reads a segment from an offset (of the plain bytes).
func (s segment) reader(offset int64) (io.Reader, error) {
	if !s.isGzip {
		_, err := s.file.Seek(offset, io.SeekStart)
		return s.file, err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	unpacked, err := gzip.NewReader(s.file)
	if err != nil {
		return nil, err
	}
	_, err = io.CopyN(io.Discard, unpacked, offset)
	return unpacked, err
}

func reason(err error) string {
	text := err.Error()
	return text[strings.LastIndex(text, ": ")+1:]
}
