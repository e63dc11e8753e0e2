package layers

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

// FileArgs name a file of a layer, and a part of it.
type FileArgs struct {
	Which
	Path      string `json:"path"`
	IsEscaped bool   `json:"isEscaped"`
	Offset    int64  `json:"offset"`
	// At most so many bytes; absent: to the end.
	Length int64 `json:"length"`
}

// File serves `layers.file`: the bytes of a regular file. Links are not followed: the client resolves them in
// the layers that it looks at.
func File(hostRoot string) wire.Open {
	return func(s *wire.Stream, raw json.RawMessage) error {
		args := FileArgs{Length: -1}
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return err
		}
		if args.Offset < 0 {
			return wire.BadArgs("offset is negative")
		}
		root, err := args.open(hostRoot)
		if err != nil {
			return err
		}
		defer root.Close()
		file, info, err := root.Regular(Unescape(args.Path, args.IsEscaped), rooted.Refused)
		if err != nil {
			if info != nil {
				return wire.Errorf("request.invalid", "It is no regular file").With("path", args.Path)
			}
			return wire.Errorf("object.not-found", "There is no such file in this layer").With("path", args.Path)
		}
		defer file.Close()
		var from io.Reader = io.NewSectionReader(file, args.Offset, info.Size())
		if args.Length >= 0 {
			from = io.LimitReader(from, args.Length)
		}
		_, err = io.CopyBuffer(struct{ io.Writer }{s}, from, make([]byte, batchBytes))
		return err
	}
}

// DigestArgs name files of a layer.
type DigestArgs struct {
	Which
	Paths     []string `json:"paths"`
	IsEscaped bool     `json:"isEscaped"`
}

const (
	// How much is read, or how many files, before the client hears of it.
	toldBytes = 32 * 1024 * 1024
	toldFiles = 1000
)

// Digests serves `layers.digests`: the SHA-256 of each file's bytes, in base64, in the order of the paths; an empty
// text for what is no regular file or cannot be read. Messages are arrays of these.
func Digests(hostRoot string) wire.Open {
	return func(s *wire.Stream, raw json.RawMessage) error {
		var args DigestArgs
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return err
		}
		root, err := args.open(hostRoot)
		if err != nil {
			return err
		}
		defer root.Close()
		buffer := make([]byte, batchBytes)
		told := []string{}
		unsaid := int64(0)
		for _, path := range args.Paths {
			digest, size, err := digestOf(s, root, Unescape(path, args.IsEscaped), buffer)
			if err != nil {
				return err
			}
			told = append(told, digest)
			if unsaid += size; unsaid < toldBytes && len(told) < toldFiles {
				continue
			}
			if err := s.SendMessage(told); err != nil {
				return err
			}
			told, unsaid = told[:0], 0
		}
		if len(told) == 0 {
			return nil
		}
		return s.SendMessage(told)
	}
}

// digestOf fails only when nobody wants the answer any more.
func digestOf(s *wire.Stream, root *rooted.Root, path string, buffer []byte) (digest string, size int64, err error) {
	file, _, err := root.Regular(path, rooted.Refused)
	if err != nil {
		return "", 0, nil
	}
	defer file.Close()
	hash := sha256.New()
	for {
		if err := s.Context().Err(); err != nil {
			return "", size, err
		}
		count, err := file.Read(buffer)
		size += int64(count)
		hash.Write(buffer[:count])
		if err == io.EOF {
			return base64.StdEncoding.EncodeToString(hash.Sum(nil)), size, nil
		}
		if err != nil {
			return "", size, nil
		}
	}
}
