package stats

// Parsers over bytes: a hundred containers a second must not make garbage.

// number reads the decimal digits at the start; "max" and all else give fallback.
func number(text []byte, fallback uint64) uint64 {
	value, digits := uint64(0), 0
	for _, c := range text {
		if c < '0' || c > '9' {
			break
		}
		value = value*10 + uint64(c-'0')
		digits++
	}
	if digits == 0 {
		return fallback
	}
	return value
}

// field gives the number after "name " at the start of a line, or 0.
func field(text []byte, name string) uint64 {
	for len(text) > 0 {
		line := text
		if end := indexByte(text, '\n'); end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = nil
		}
		if len(line) > len(name) && line[len(name)] == ' ' && string(line[:len(name)]) == name {
			return number(line[len(name)+1:], 0)
		}
	}
	return 0
}

func indexByte(text []byte, c byte) int {
	for i, b := range text {
		if b == c {
			return i
		}
	}
	return -1
}

// nextWord cuts one word off the front.
func nextWord(text []byte) (word, rest []byte) {
	start := 0
	for start < len(text) && (text[start] == ' ' || text[start] == '\t') {
		start++
	}
	end := start
	for end < len(text) && text[end] != ' ' && text[end] != '\t' && text[end] != '\n' {
		end++
	}
	return text[start:end], text[end:]
}

// eachLine calls with every line, without its newline.
func eachLine(text []byte, call func(line []byte)) {
	for len(text) > 0 {
		end := indexByte(text, '\n')
		if end < 0 {
			call(text)
			return
		}
		call(text[:end])
		text = text[end+1:]
	}
}

// ioV1 adds up "MAJ:MIN Read N" and "MAJ:MIN Write N" of blkio.throttle.io_service_bytes(_recursive).
func ioV1(text []byte) (read, written uint64) {
	eachLine(text, func(line []byte) {
		_, rest := nextWord(line)
		what, rest := nextWord(rest)
		count, _ := nextWord(rest)
		switch string(what) {
		case "Read":
			read += number(count, 0)
		case "Write":
			written += number(count, 0)
		}
	})
	return read, written
}

// ioV2 adds up rbytes= and wbytes= of io.stat.
func ioV2(text []byte) (read, written uint64) {
	eachLine(text, func(line []byte) {
		_, rest := nextWord(line)
		for {
			var word []byte
			word, rest = nextWord(rest)
			if len(word) == 0 {
				return
			}
			switch {
			case hasPrefix(word, "rbytes="):
				read += number(word[7:], 0)
			case hasPrefix(word, "wbytes="):
				written += number(word[7:], 0)
			}
		}
	})
	return read, written
}

func hasPrefix(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}

// netDev adds up the interfaces of /proc/PID/net/dev that the engine gave the container: it names them eth0, eth1, …
// What a container made in its own network (a bridge, a tunnel, the ends of containers in it) has the same packets
// once more.
func netDev(text []byte) (received, sent uint64) {
	eachLine(text, func(line []byte) {
		colon := indexByte(line, ':')
		if colon < 0 {
			return
		}
		name, _ := nextWord(line[:colon])
		if !isEngines(name) {
			return
		}
		rest := line[colon+1:]
		for column := 0; column < 9; column++ {
			var word []byte
			word, rest = nextWord(rest)
			switch column {
			case 0:
				received += number(word, 0)
			case 8:
				sent += number(word, 0)
			}
		}
	})
	return received, sent
}

// isEngines: "eth" and digits.
func isEngines(name []byte) bool {
	if len(name) < 4 || !hasPrefix(name, "eth") {
		return false
	}
	for _, c := range name[3:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// pressure gives "some avg10" in hundredths of a percent.
func pressure(text []byte) uint64 {
	if !hasPrefix(text, "some avg10=") {
		return 0
	}
	text = text[len("some avg10="):]
	dot := indexByte(text, '.')
	if dot < 0 || len(text) < dot+3 {
		return 0
	}
	return number(text[:dot], 0)*100 + number(text[dot+1:dot+3], 0)
}
