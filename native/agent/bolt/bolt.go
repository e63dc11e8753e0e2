// Package bolt reads Bolt databases that another program has open, and writes nothing. Bolt's own library waits for a
// lock that containerd holds for as long as it runs. Layout: go.etcd.io/bbolt, page.go, bucket.go and db.go; it has been
// the same since 2014.
package bolt

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"os"
	"time"
)

const (
	magic   = 0xED0CDAED
	version = 2

	pageHeaderBytes = 16
	elementBytes    = 16
	// A bucket's own head: where its first page is, and a sequence.
	bucketBytes = 16
	metaBytes   = 64

	branchFlag = 0x01
	leafFlag   = 0x02
	// Of an element of a leaf: it is a bucket.
	bucketFlag = 0x01

	// Of pages from the root of a bucket to a leaf: each has two below it at least.
	maxDepth = 40
	// One value may span many pages; what we read of are names and digests.
	maxPageBytes = 4 << 20
	// Of one look: a damaged page may lead back to itself.
	maxReadBytes = 4 << 30
)

// ErrDamaged is given for what no Bolt database says.
var ErrDamaged = errors.New("the database is damaged")

// ErrBusy is given when others changed the database during each look at it.
var ErrBusy = errors.New("the database changes all the time")

const (
	maxLooks  = 50
	lookPause = 5 * time.Millisecond
)

// Look calls `look` with the database as one transaction left it. It is called again where another program has changed
// the database meanwhile, so it must begin anew each time.
//
// A transaction writes only to pages that are free in the state before it. So the pages of the newest state stay as they
// are until there is a newer one: while its number is the same after a look, all that was read belongs together.
func Look(path string, look func(root Bucket) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for i := 0; i < maxLooks; i++ {
		if i > 0 {
			time.Sleep(lookPause)
		}
		before, metaErr := newestMeta(file)
		if metaErr != nil {
			err = metaErr
			continue
		}
		err = look(Bucket{reader: &reader{file: file, pageSize: int64(before.pageSize)}, root: before.root})
		if after, metaErr := newestMeta(file); metaErr == nil && after.transaction == before.transaction {
			return err
		}
		err = ErrBusy
	}
	return err
}

type meta struct {
	pageSize    uint32
	root        uint64
	transaction uint64
}

// newestMeta reads the two pages of which a transaction writes the older.
func newestMeta(file *os.File) (meta, error) {
	first, err := readMeta(file, 0)
	if err != nil {
		return meta{}, err
	}
	if second, err := readMeta(file, int64(first.pageSize)); err == nil && second.transaction > first.transaction {
		return second, nil
	}
	return first, nil
}

func readMeta(file *os.File, at int64) (meta, error) {
	page := make([]byte, pageHeaderBytes+metaBytes)
	if _, err := file.ReadAt(page, at); err != nil {
		return meta{}, ErrDamaged
	}
	text := page[pageHeaderBytes:]
	u32, u64 := binary.LittleEndian.Uint32, binary.LittleEndian.Uint64
	sum := fnv.New64a()
	sum.Write(text[:metaBytes-8])
	found := meta{pageSize: u32(text[8:]), root: u64(text[16:]), transaction: u64(text[48:])}
	isGood := u32(text) == magic && u32(text[4:]) == version && u64(text[56:]) == sum.Sum64() &&
		found.pageSize >= 512 && found.pageSize <= 1<<20
	if !isGood {
		return meta{}, ErrDamaged
	}
	return found, nil
}

type reader struct {
	file     *os.File
	pageSize int64
	read     int64
}

// page reads a page with all that it spills over to.
func (r *reader) page(number uint64) ([]byte, error) {
	if number > uint64(1<<62/r.pageSize) {
		return nil, ErrDamaged
	}
	at := int64(number) * r.pageSize
	page, err := r.bytes(at, r.pageSize)
	if err != nil {
		return nil, err
	}
	size := (int64(binary.LittleEndian.Uint32(page[12:])) + 1) * r.pageSize
	if size == r.pageSize {
		return page, nil
	}
	return r.bytes(at, size)
}

func (r *reader) bytes(at, size int64) ([]byte, error) {
	if r.read += size; size > maxPageBytes || r.read > maxReadBytes {
		return nil, ErrDamaged
	}
	found := make([]byte, size)
	if _, err := r.file.ReadAt(found, at); err != nil {
		return nil, ErrDamaged
	}
	return found, nil
}

// Bucket is a collection of keys, in order, with values or further buckets. It is good within its look only.
type Bucket struct {
	reader *reader
	root   uint64
	// A small bucket has its only page in its own value.
	inline []byte
}

func (b Bucket) first() ([]byte, error) {
	if b.root == 0 {
		return b.inline, nil
	}
	return b.reader.page(b.root)
}

// Bucket gives a bucket below this one, or what the first that is missing makes of it: nothing, without an error.
func (b Bucket) Bucket(names ...string) (found Bucket, isThere bool, err error) {
	for _, name := range names {
		value, flags, err := b.find([]byte(name))
		if err != nil || value == nil || flags&bucketFlag == 0 {
			return Bucket{}, false, err
		}
		if b, err = b.below(value); err != nil {
			return Bucket{}, false, err
		}
	}
	return b, true, nil
}

// Value gives a key's value, or nil where there is none.
func (b Bucket) Value(key string) ([]byte, error) {
	value, flags, err := b.find([]byte(key))
	if err != nil || flags&bucketFlag != 0 {
		return nil, err
	}
	return value, nil
}

// Each visits all keys in order. A bucket is visited with its content, a value without a bucket.
func (b Bucket) Each(visit func(key string, value []byte, bucket *Bucket) error) error {
	page, err := b.first()
	if err != nil {
		return err
	}
	return b.eachIn(page, 0, visit)
}

func (b Bucket) below(value []byte) (Bucket, error) {
	if len(value) < bucketBytes {
		return Bucket{}, ErrDamaged
	}
	return Bucket{b.reader, binary.LittleEndian.Uint64(value), value[bucketBytes:]}, nil
}

// find goes down to the leaf that would hold the key.
func (b Bucket) find(key []byte) (value []byte, flags uint32, err error) {
	bytesOfPage, err := b.first()
	if err != nil {
		return nil, 0, err
	}
	for depth := 0; depth < maxDepth; depth++ {
		p, err := parsePage(bytesOfPage)
		if err != nil {
			return nil, 0, err
		}
		at, isExact, err := p.search(key)
		if err != nil {
			return nil, 0, err
		}
		if p.isLeaf {
			if !isExact {
				return nil, 0, nil
			}
			one, err := p.element(at)
			return one.value, one.flags, err
		}
		// A branch names the first key below each of its pages.
		if !isExact {
			at--
		}
		if at < 0 {
			return nil, 0, nil
		}
		one, err := p.element(at)
		if err != nil {
			return nil, 0, err
		}
		if bytesOfPage, err = b.reader.page(one.page); err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, ErrDamaged
}

func (b Bucket) eachIn(bytesOfPage []byte, depth int, visit func(string, []byte, *Bucket) error) error {
	p, err := parsePage(bytesOfPage)
	if err != nil || depth >= maxDepth {
		return ErrDamaged
	}
	for i := 0; i < p.count; i++ {
		one, err := p.element(i)
		if err != nil {
			return err
		}
		switch {
		case !p.isLeaf:
			var below []byte
			if below, err = b.reader.page(one.page); err == nil {
				err = b.eachIn(below, depth+1, visit)
			}
		case one.flags&bucketFlag != 0:
			var inner Bucket
			if inner, err = b.below(one.value); err == nil {
				err = visit(string(one.key), nil, &inner)
			}
		default:
			err = visit(string(one.key), one.value, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
