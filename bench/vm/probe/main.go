// The measuring program of `npm run bench:vm`: the same static binary runs in a container of the machine and on
// the host, so that a row compares places and not programs. Answers are one JSON object on stdout.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"time"
)

func main() {
	verbs := map[string]func([]string) (any, error){
		"ping":  ping,
		"serve": serve,
		"small": small,
		"write": writeBig,
		"read":  readBig,
		"count": count,
		"check": check,
	}
	if len(os.Args) < 2 || verbs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: probe ping|serve|small|write|read|count|check ARGS")
		os.Exit(64)
	}
	answer, err := verbs[os.Args[1]](os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(answer)
}

func ms(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

func median(values []float64) float64 {
	sort.Float64s(values)
	return values[len(values)/2]
}

// ping SOCKET TIMES: the median of `GET /_ping` with a connection each, and over one kept connection.
func ping(args []string) (any, error) {
	times, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	fresh, kept := []float64{}, []float64{}
	for at := 0; at < times; at++ {
		start := time.Now()
		road, err := net.Dial("unix", args[0])
		if err != nil {
			return nil, err
		}
		if err := pingOnce(road, bufio.NewReader(road)); err != nil {
			return nil, err
		}
		fresh = append(fresh, ms(start))
		road.Close()
	}
	road, err := net.Dial("unix", args[0])
	if err != nil {
		return nil, err
	}
	defer road.Close()
	reader := bufio.NewReader(road)
	for at := 0; at < times; at++ {
		start := time.Now()
		if err := pingOnce(road, reader); err != nil {
			return nil, err
		}
		kept = append(kept, ms(start))
	}
	return map[string]float64{"freshMs": median(fresh), "keptMs": median(kept)}, nil
}

// The answer has a length of 2 and ends with the body: no need for a whole HTTP client.
func pingOnce(road net.Conn, reader *bufio.Reader) error {
	if _, err := road.Write([]byte("GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n")); err != nil {
		return err
	}
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return err
		}
		if line == "\r\n" {
			body := make([]byte, 2)
			_, err := io.ReadFull(reader, body)
			if err == nil && string(body) != "OK" {
				err = fmt.Errorf("the engine answered %q", body)
			}
			return err
		}
	}
}

// serve PORT: a connection says `p` and gets one byte, or `d` and 8 digits and gets so many MiB.
func serve(args []string) (any, error) {
	door, err := net.Listen("tcp", ":"+args[0])
	if err != nil {
		return nil, err
	}
	block := make([]byte, 1<<20)
	for {
		road, err := door.Accept()
		if err != nil {
			return nil, err
		}
		go func() {
			defer road.Close()
			asked := make([]byte, 1)
			if _, err := io.ReadFull(road, asked); err != nil {
				return
			}
			if asked[0] == 'p' {
				road.Write(asked)
				return
			}
			digits := make([]byte, 8)
			if _, err := io.ReadFull(road, digits); err != nil {
				return
			}
			mebibytes, _ := strconv.Atoi(string(digits))
			for at := 0; at < mebibytes; at++ {
				if _, err := road.Write(block); err != nil {
					return
				}
			}
		}()
	}
}

// small make|read|remove DIR COUNT: files of 1 KiB in folders of 50.
func small(args []string) (any, error) {
	amount, err := strconv.Atoi(args[2])
	if err != nil {
		return nil, err
	}
	content := make([]byte, 1024)
	start := time.Now()
	for at := 0; at < amount; at++ {
		folder := filepath.Join(args[1], "small", strconv.Itoa(at/50))
		path := filepath.Join(folder, fmt.Sprintf("file-%d", at))
		switch args[0] {
		case "make":
			if at%50 == 0 {
				if err := os.MkdirAll(folder, 0o755); err != nil {
					return nil, err
				}
			}
			err = os.WriteFile(path, content, 0o644)
		case "read":
			var found []byte
			found, err = os.ReadFile(path)
			if err == nil && len(found) != len(content) {
				err = errors.New(path + " is cut")
			}
		case "remove":
			err = os.Remove(path)
		}
		if err != nil {
			return nil, err
		}
	}
	return map[string]float64{"ms": ms(start)}, nil
}

// write PATH MEBIBYTES: of bytes that nothing compresses or takes for a hole, synced at the end.
func writeBig(args []string) (any, error) {
	mebibytes, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	file, err := os.Create(args[0])
	if err != nil {
		return nil, err
	}
	block := make([]byte, 1<<20)
	state := uint64(88172645463325252)
	for at := 0; at < len(block); at += 8 {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		binary.LittleEndian.PutUint64(block[at:], state)
	}
	start := time.Now()
	for at := 0; at < mebibytes; at++ {
		binary.LittleEndian.PutUint64(block, uint64(at))
		if _, err := file.Write(block); err != nil {
			return nil, err
		}
	}
	if err := file.Sync(); err != nil {
		return nil, err
	}
	took := ms(start)
	return map[string]float64{"ms": took}, file.Close()
}

// read PATH MEBIBYTES: it must be that long.
func readBig(args []string) (any, error) {
	mebibytes, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	file, err := os.Open(args[0])
	if err != nil {
		return nil, err
	}
	defer file.Close()
	block := make([]byte, 1<<20)
	var total int64
	for {
		read, err := file.Read(block)
		total += int64(read)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if total != mebibytes<<20 {
		return nil, fmt.Errorf("%s has %d bytes", args[0], total)
	}
	return map[string]float64{"ms": ms(start)}, nil
}

// count PATH: appends 1, 2, 3 … in 8 bytes each and says a number only when fsync has acknowledged it. Goes on
// behind what is there.
func count(args []string) (any, error) {
	file, err := os.OpenFile(args[0], os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	there, err := whole(file)
	if err != nil {
		return nil, err
	}
	// A record that was cut off was never acknowledged.
	if err := file.Truncate(int64(there) * 8); err != nil {
		return nil, err
	}
	record := make([]byte, 8)
	for next := there + 1; ; next++ {
		binary.BigEndian.PutUint64(record, next)
		if _, err := file.Write(record); err != nil {
			return nil, err
		}
		if err := file.Sync(); err != nil {
			return nil, err
		}
		fmt.Println(next)
	}
}

// check PATH: how many records stand there whole and in order.
func check(args []string) (any, error) {
	file, err := os.Open(args[0])
	if errors.Is(err, os.ErrNotExist) {
		return map[string]uint64{"whole": 0}, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	there, err := whole(file)
	return map[string]uint64{"whole": there}, err
}

func whole(file *os.File) (uint64, error) {
	reader := bufio.NewReader(file)
	record := make([]byte, 8)
	for next := uint64(1); ; next++ {
		_, err := io.ReadFull(reader, record)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return next - 1, nil
		}
		if err != nil {
			return 0, err
		}
		if binary.BigEndian.Uint64(record) != next {
			return next - 1, nil
		}
	}
}
