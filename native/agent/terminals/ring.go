package terminals

// ring keeps the last bytes of a terminal by their place in the whole output, counted from 0.
type ring struct {
	bytes []byte
	end   int64
	max   int
}

// start is the place of the oldest byte that is kept.
func (r *ring) start() int64 {
	if r.end > int64(len(r.bytes)) {
		return r.end - int64(len(r.bytes))
	}
	return 0
}

// push adds bytes and forgets the oldest. The memory grows with what was written, up to the ring's size.
func (r *ring) push(data []byte) {
	if r.end < int64(r.max) {
		r.grow(int64(len(data)))
	}
	if skip := len(data) - len(r.bytes); skip > 0 {
		r.end += int64(skip)
		data = data[skip:]
	}
	for len(data) > 0 {
		at := int(r.end % int64(len(r.bytes)))
		taken := copy(r.bytes[at:], data)
		r.end += int64(taken)
		data = data[taken:]
	}
}

const firstRingBytes = 4096

// grow is for a ring that has forgotten nothing yet: its bytes stand from 0 on.
func (r *ring) grow(more int64) {
	size := len(r.bytes)
	if size == 0 {
		size = firstRingBytes
	}
	for int64(size) < r.end+more && size < r.max {
		size *= 2
	}
	if size > r.max {
		size = r.max
	}
	if size > len(r.bytes) {
		grown := make([]byte, size)
		copy(grown, r.bytes)
		r.bytes = grown
	}
}

// since copies what is kept from a place on, and tells the place of its first byte.
func (r *ring) since(place int64) ([]byte, int64) {
	if place < r.start() {
		place = r.start()
	}
	if place > r.end {
		place = r.end
	}
	kept := make([]byte, 0, r.end-place)
	for at := place; at < r.end; {
		from := int(at % int64(len(r.bytes)))
		to := len(r.bytes)
		if left := r.end - at; int64(to-from) > left {
			to = from + int(left)
		}
		kept = append(kept, r.bytes[from:to]...)
		at += int64(to - from)
	}
	return kept, place
}
