package layers

import (
	"encoding/json"
	"strings"
	"syscall"
	"unicode/utf8"
)

// Kinds of entries, as single letters.
const (
	kindFile      = "f"
	kindDir       = "d"
	kindLink      = "l"
	kindChar      = "c"
	kindBlock     = "b"
	kindPipe      = "p"
	kindSocket    = "s"
	kindRemoved   = "w" // a whiteout: what lies below under this name is gone
	kindUnknown   = "?"
	opaqueXattr   = "trusted.overlay.opaque"
	overlayPrefix = "trusted.overlay."
)

// more is what few entries have.
type more struct {
	// Target of a link.
	Link string `json:"link,omitempty"`
	// The folder hides all that lies below it.
	IsOpaque bool `json:"opaque,omitempty"`
	// Names with more than one link share this number within a layer.
	Inode uint64 `json:"inode,omitempty"`
	// Names of extended attributes, the overlay's own left out.
	Xattrs []string `json:"xattrs,omitempty"`
	// Numbers of a device.
	Major uint32 `json:"major,omitempty"`
	Minor uint32 `json:"minor,omitempty"`
	// The name, the link is not UTF-8: each backslash and each byte of that kind stands as \xHH.
	IsEscaped     bool `json:"escaped,omitempty"`
	IsLinkEscaped bool `json:"linkEscaped,omitempty"`
	// Deeper than anyone looks: what is below was not read.
	IsCut bool `json:"cut,omitempty"`
	// It could not be looked at: why.
	Error string `json:"error,omitempty"`
}

func (m *more) isEmpty() bool {
	return m.Link == "" && !m.IsOpaque && m.Inode == 0 && len(m.Xattrs) == 0 && m.Major == 0 && m.Minor == 0 &&
		!m.IsEscaped && !m.IsLinkEscaped && !m.IsCut && m.Error == ""
}

// appendEntry writes [parent, name, kind, bytes, mode, uid, gid, mtime s] and, where there is more, an object.
// `parent` is the number of the folder's own entry in the stream, -1 for the layer's root: full paths of deep
// trees would grow with the square of their depth.
func appendEntry(to []byte, parent int, name, kind string, st *syscall.Stat_t, m *more) []byte {
	to = append(to, '[')
	to = appendInt(to, int64(parent))
	to = append(to, ',')
	to = appendString(to, name)
	to = append(to, ',', '"')
	to = append(to, kind...)
	to = append(to, '"', ',')
	size := st.Size
	if kind != kindFile {
		size = 0
	}
	for _, n := range [...]int64{size, int64(st.Mode & 0o7777), int64(st.Uid), int64(st.Gid)} {
		to = appendInt(to, n)
		to = append(to, ',')
	}
	to = appendInt(to, int64(st.Mtim.Sec))
	if !m.isEmpty() {
		to = append(to, ',')
		text, _ := json.Marshal(m)
		to = append(to, text...)
	}
	return append(to, ']')
}

func appendInt(to []byte, n int64) []byte {
	if n < 0 {
		to = append(to, '-')
		n = -n
	}
	var digits [20]byte
	at := len(digits)
	for {
		at--
		digits[at] = byte('0' + n%10)
		n /= 10
		if n == 0 {
			return append(to, digits[at:]...)
		}
	}
}

func appendString(to []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x7f {
			escaped, _ := json.Marshal(text)
			return append(to, escaped...)
		}
	}
	to = append(to, '"')
	to = append(to, text...)
	return append(to, '"')
}

// escape makes text of bytes that are not UTF-8.
func escape(name string) (text string, isEscaped bool) {
	if utf8.ValidString(name) {
		return name, false
	}
	const digits = "0123456789abcdef"
	var out strings.Builder
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		if r == utf8.RuneError && size == 1 || r == '\\' {
			out.WriteString(`\x`)
			out.WriteByte(digits[name[i]>>4])
			out.WriteByte(digits[name[i]&15])
		} else {
			out.WriteString(name[i : i+size])
		}
		i += size
	}
	return out.String(), true
}

// Unescape is the way back.
func Unescape(text string, isEscaped bool) string {
	if !isEscaped {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if i+3 < len(text) && text[i] == '\\' && text[i+1] == 'x' {
			out.WriteByte(nibble(text[i+2])<<4 | nibble(text[i+3]))
			i += 3
			continue
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

func nibble(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	default:
		return 0
	}
}
