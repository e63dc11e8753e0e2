package files

import (
	"strings"
	"unicode/utf8"
)

const digits = "0123456789abcdef"

// Escape makes text of any name, without a flag: a backslash and each byte that is no UTF-8 stand as \xHH.
// `isOdd` tells that there were such bytes.
func Escape(name string) (text string, isOdd bool) {
	if utf8.ValidString(name) && strings.IndexByte(name, '\\') < 0 {
		return name, false
	}
	var out strings.Builder
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		isBad := r == utf8.RuneError && size == 1
		if isBad || r == '\\' {
			out.WriteString(`\x`)
			out.WriteByte(digits[name[i]>>4])
			out.WriteByte(digits[name[i]&15])
		} else {
			out.WriteString(name[i : i+size])
		}
		isOdd = isOdd || isBad
		i += size
	}
	return out.String(), isOdd
}

// Unescape is the way back. It gives false for what Escape would not have written, and for a NUL.
func Unescape(text string) (string, bool) {
	if strings.IndexByte(text, 0) >= 0 {
		return "", false
	}
	if strings.IndexByte(text, '\\') < 0 {
		return text, true
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out.WriteByte(text[i])
			continue
		}
		if i+3 >= len(text) || text[i+1] != 'x' {
			return "", false
		}
		high, low := nibble(text[i+2]), nibble(text[i+3])
		// A slash or a NUL by another spelling would be a second way to say a path.
		if high < 0 || low < 0 || high<<4|low == '/' || high<<4|low == 0 {
			return "", false
		}
		out.WriteByte(byte(high<<4 | low))
		i += 3
	}
	return out.String(), true
}

func nibble(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	default:
		return -1
	}
}
