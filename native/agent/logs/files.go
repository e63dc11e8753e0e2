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
	"time"

	"slipway/agent/wire"
)

// Source says whose log is read: where the engine keeps its data, which container, which driver.
type Source struct {
	// The engine's data root on its host, absolute.
	Root      string `json:"root"`
	Container string `json:"container"`
	// "json-file" or "local"; empty: whichever of them has written.
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

// path is the newest file, below where the host stands for us. It settles the driver where none was named.
func (s *Source) path(hostRoot string) (string, error) {
	if !containerID.MatchString(s.Container) {
		return "", wire.BadArgs("%q is no container id", s.Container)
	}
	if !filepath.IsAbs(s.Root) || filepath.Clean(s.Root) != s.Root {
		return "", wire.BadArgs("%q is no absolute path", s.Root)
	}
	dir := filepath.Join(hostRoot, s.Root, "containers", s.Container)
	local := filepath.Join(dir, "local-logs")
	if s.Driver == "" {
		s.Driver = "json-file"
		// No other driver makes this folder, and its files may be amid a rotation.
		if isThere(local) {
			s.Driver = "local"
		}
	}
	switch s.Driver {
	case "json-file":
		return filepath.Join(dir, s.Container+"-json.log"), nil
	case "local":
		return filepath.Join(local, "container.log"), nil
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

const (
	// The engine renames a log's files one after another, in far less than a pause. A log that is not there at all
	// is answered after all of them: in less than 100 ms.
	openTries = 20
	openPause = 4 * time.Millisecond
)

// openSegments opens all files of a log, the oldest first. Opened files stay readable when they are rotated away.
func openSegments(path string) ([]segment, error) {
	return openStanding(path, func() { time.Sleep(openPause) })
}

// openStanding tries again while the log is rotated: a file would be there twice, or be missing. Where that does not
// end, such as for a file that somebody took away, what there is has to do.
func openStanding(path string, pause func()) ([]segment, error) {
	for try := 1; ; try++ {
		all, isMoving, err := openOnce(path)
		if !isMoving || try == openTries {
			return all, err
		}
		closeAll(all)
		pause()
	}
}

// openOnce also tells whether the log seems to be amid a rotation.
func openOnce(path string) (all []segment, isMoving bool, err error) {
	newest, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		// Renamed, and the next one is not created yet; or there never was one.
		return nil, isThere(filepath.Dir(path)), wire.Errorf("object.not-found", "There is no log file").With("path", path)
	}
	if err != nil {
		return nil, false, cannotOpen(path, err)
	}
	all = []segment{{file: newest}}
	for i := 1; i < maxRotated; i++ {
		older, isOpen, err := openRotated(path, i)
		if err != nil {
			// Not without its older part: the engine's own log has it.
			closeAll(all)
			return nil, false, cannotOpen(path, err)
		}
		if !isOpen {
			// The engine renames the oldest first: a gap wanders down to the newest.
			isMoving = isRotatedThere(path, i+1)
			break
		}
		all = append([]segment{older}, all...)
	}
	return all, isMoving || !stands(path, all), nil
}

// stands: the newest still has its name, and none was renamed to the name that was opened next.
func stands(path string, all []segment) bool {
	there, err := os.Stat(path)
	if err != nil {
		return false
	}
	newer := there
	for i := len(all) - 1; i >= 0; i-- {
		info, err := all[i].file.Stat()
		isNewest := i == len(all)-1
		if err != nil || os.SameFile(info, newer) != isNewest {
			return false
		}
		newer = info
	}
	return true
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func isRotatedThere(path string, number int) bool {
	name := fmt.Sprintf("%s.%d", path, number)
	return isThere(name) || isThere(name+".gz")
}

// openRotated answers false where there is none of that number.
func openRotated(path string, number int) (segment, bool, error) {
	name := fmt.Sprintf("%s.%d", path, number)
	file, err := os.Open(name)
	if err == nil {
		return segment{file: file}, true, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return segment{}, false, err
	}
	file, err = os.Open(name + ".gz")
	if err == nil {
		return segment{file: file, isGzip: true}, true, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return segment{}, false, err
	}
	return segment{}, false, nil
}

func cannotOpen(path string, err error) error {
	return wire.Errorf("file.failed", "The log cannot be opened").With("path", path).With("reason", reason(err))
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
