package stats

import "encoding/binary"

// The fields of a sample, in the order of their bits in a sample's mask.
const (
	fieldCPU = iota // nanoseconds since the container's start
	fieldMemory
	fieldMemoryLimit // 0: none
	fieldPids
	fieldNetReceived
	fieldNetSent
	fieldBlockRead
	fieldBlockWritten
	fieldOOMKills
	fieldPressureCPU // some avg10, hundredths of a percent; 0 where the kernel has none
	fieldPressureMemory
	fieldPressureIO
	// FieldCount is how many fields a sample has.
	FieldCount
)

// Sample is one reading of one container.
type Sample [FieldCount]uint64

// Encoder writes ticks as differences: a container that does nothing costs two bytes.
type Encoder struct {
	last   map[uint32]Sample
	lastNs uint64
}

// NewEncoder makes an encoder for one stream.
func NewEncoder() *Encoder { return &Encoder{last: map[uint32]Sample{}} }

// AppendTick begins a tick: the nanoseconds since the tick before (the first: since the epoch) and the number of
// samples that follow, both uvarints. After the samples stand the slots of containers that are gone, to the end. A
// time before the last one counts as that one: less than nothing would be read as centuries.
func (e *Encoder) AppendTick(to []byte, nowNs uint64, samples int) []byte {
	if nowNs < e.lastNs {
		nowNs = e.lastNs
	}
	to = binary.AppendUvarint(to, nowNs-e.lastNs)
	e.lastNs = nowNs
	return binary.AppendUvarint(to, uint64(samples))
}

// AppendSample appends the slot (uvarint), the mask of the fields that changed (uvarint), and for each its
// difference (varint, zigzag).
func (e *Encoder) AppendSample(to []byte, slot uint32, now Sample) []byte {
	before := e.last[slot]
	mask := uint64(0)
	for i := range now {
		if now[i] != before[i] {
			mask |= 1 << i
		}
	}
	to = binary.AppendUvarint(to, uint64(slot))
	to = binary.AppendUvarint(to, mask)
	for i := range now {
		if now[i] != before[i] {
			to = binary.AppendVarint(to, int64(now[i]-before[i]))
		}
	}
	e.last[slot] = now
	return to
}

// AppendGone appends a slot whose container runs no more. Its next sample begins from zero.
func (e *Encoder) AppendGone(to []byte, slot uint32) []byte {
	delete(e.last, slot)
	return binary.AppendUvarint(to, uint64(slot))
}
