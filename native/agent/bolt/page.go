package bolt

import (
	"bytes"
	"encoding/binary"
)

type page struct {
	bytes  []byte
	count  int
	isLeaf bool
}

func parsePage(bytes []byte) (page, error) {
	if len(bytes) < pageHeaderBytes {
		return page{}, ErrDamaged
	}
	flags := binary.LittleEndian.Uint16(bytes[8:])
	p := page{bytes, int(binary.LittleEndian.Uint16(bytes[10:])), flags == leafFlag}
	if (flags != leafFlag && flags != branchFlag) || pageHeaderBytes+p.count*elementBytes > len(bytes) {
		return page{}, ErrDamaged
	}
	return p, nil
}

// element is a key with its value in a leaf, or with the page below it in a branch.
type element struct {
	key, value []byte
	flags      uint32
	page       uint64
}

func (p page) element(i int) (element, error) {
	at := pageHeaderBytes + i*elementBytes
	head := p.bytes[at : at+elementBytes]
	u32 := func(from int) uint64 { return uint64(binary.LittleEndian.Uint32(head[from:])) }
	one := element{}
	var from, keyBytes, valueBytes uint64
	if p.isLeaf {
		one.flags = uint32(u32(0))
		from, keyBytes, valueBytes = u32(4), u32(8), u32(12)
	} else {
		from, keyBytes = u32(0), u32(4)
		one.page = binary.LittleEndian.Uint64(head[8:])
	}
	from += uint64(at)
	if from+keyBytes+valueBytes > uint64(len(p.bytes)) {
		return element{}, ErrDamaged
	}
	one.key = p.bytes[from : from+keyBytes]
	one.value = p.bytes[from+keyBytes : from+keyBytes+valueBytes]
	return one, nil
}

// search gives the first element whose key is not below this one.
func (p page) search(key []byte) (at int, isExact bool, err error) {
	low, high := 0, p.count
	for low < high {
		middle := (low + high) / 2
		one, err := p.element(middle)
		if err != nil {
			return 0, false, err
		}
		switch bytes.Compare(one.key, key) {
		case 0:
			return middle, true, nil
		case -1:
			low = middle + 1
		default:
			high = middle
		}
	}
	return low, false, nil
}
