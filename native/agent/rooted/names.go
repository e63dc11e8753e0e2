package rooted

import (
	"errors"
	"io"
	"os"
)

const (
	mostNames  = 8_000
	leastNames = 16
)

// NextNames reads on in an open folder; none are its end, and also of one that is gone. The deeper, the fewer at a
// time: a walk that holds the names of every level around it holds some tens of MiB at most, whatever lies there.
func NextNames(dir *os.File, depth int) ([]string, error) {
	most := mostNames / (depth + 1)
	if most < leastNames {
		most = leastNames
	}
	names, err := dir.Readdirnames(most)
	if err == io.EOF || errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return names, err
}
