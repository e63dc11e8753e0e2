package bolt

import (
	"compress/gzip"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// database is one that containerd wrote: it has 251 names of images, which take more than one page.
func database(t testing.TB) string { return unpacked(t, "meta.db") }

func unpacked(t testing.TB, name string) string {
	t.Helper()
	packed, err := os.Open("../store/testdata/" + name + ".gz")
	must(t, err)
	defer packed.Close()
	text, err := gzip.NewReader(packed)
	must(t, err)
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	must(t, err)
	defer file.Close()
	_, err = io.Copy(file, text)
	must(t, err)
	return path
}

func imagesOf(db Bucket) (map[string]string, error) {
	found := map[string]string{}
	images, isThere, err := db.Bucket("v1", "moby", "images")
	if err != nil || !isThere {
		return nil, err
	}
	return found, images.Each(func(name string, _ []byte, image *Bucket) error {
		if image == nil {
			return errors.New(name + " is no bucket")
		}
		target, _, err := image.Bucket("target")
		if err != nil {
			return err
		}
		digest, err := target.Value("digest")
		found[name] = string(digest)
		return err
	})
}

func TestAllKeysAreVisitedAndFound(t *testing.T) {
	const two = "sha256:591d727c0eb716502f676f7d44ac29b2d547f47c3c3ee8b162cb0317a0ea96ef"
	must(t, Look(database(t), func(db Bucket) error {
		found, err := imagesOf(db)
		must(t, err)
		if len(found) < 253 {
			t.Errorf("%d images", len(found))
		}
		for i := 1; i <= 250; i++ {
			name := "docker.io/tags/of-two:" + strconv.Itoa(i)
			if found[name] != two {
				t.Errorf("%s: %q when all are visited", name, found[name])
			}
			target, isThere, err := db.Bucket("v1", "moby", "images", name, "target")
			must(t, err)
			digest, err := target.Value("digest")
			must(t, err)
			if !isThere || string(digest) != two {
				t.Errorf("%s: %q when it is looked for", name, digest)
			}
		}
		return nil
	}))
}

func TestWhatIsNotThereIsNoError(t *testing.T) {
	must(t, Look(database(t), func(db Bucket) error {
		for _, names := range [][]string{{"v0"}, {"v1", "nobody"}, {"v1", "moby", "images", "docker.io/tags/of-two:0"}, {"version"}, {"zzz"}} {
			if _, isThere, err := db.Bucket(names...); isThere || err != nil {
				t.Errorf("%v: %v %v", names, isThere, err)
			}
		}
		if value, err := db.Value("v1"); value != nil || err != nil {
			t.Errorf("a bucket has the value %q, %v", value, err)
		}
		return nil
	}))
}

// commit writes what a transaction writes last: the older of the two heads, with the next number.
func commit(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer file.Close()
	newest, err := newestMeta(file)
	must(t, err)
	at := int64(0)
	if first, err := readMeta(file, 0); err == nil && first.transaction == newest.transaction {
		at = int64(newest.pageSize)
	}
	page := make([]byte, pageHeaderBytes+metaBytes)
	_, err = file.ReadAt(page, int64(newest.pageSize)-at)
	must(t, err)
	text := page[pageHeaderBytes:]
	binary.LittleEndian.PutUint64(text[48:], newest.transaction+1)
	sum := fnv.New64a()
	sum.Write(text[:metaBytes-8])
	binary.LittleEndian.PutUint64(text[56:], sum.Sum64())
	_, err = file.WriteAt(page, at)
	must(t, err)
}

func TestALookThatSomebodyWroteUnderBeginsAnew(t *testing.T) {
	path := database(t)
	looks := 0
	must(t, Look(path, func(db Bucket) error {
		if looks++; looks < 4 {
			commit(t, path)
			return errors.New("what was read meanwhile may be anything")
		}
		found, err := imagesOf(db)
		if err == nil && len(found) < 253 {
			t.Errorf("%d images", len(found))
		}
		return err
	}))
	if looks != 4 {
		t.Errorf("looked %d times", looks)
	}
	err := Look(path, func(Bucket) error {
		commit(t, path)
		return nil
	})
	if !errors.Is(err, ErrBusy) {
		t.Errorf("of one that never rests: %v", err)
	}
}

func TestAHeadThatIsHalfWrittenIsNotBelieved(t *testing.T) {
	path := database(t)
	for i := 0; i < 2; i++ {
		commit(t, path)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer file.Close()
	newest, err := newestMeta(file)
	must(t, err)
	// The second head is the one that a transaction is about to write.
	_, err = file.WriteAt([]byte{0xFF}, int64(newest.pageSize)+pageHeaderBytes+48)
	must(t, err)
	if one, err := newestMeta(file); err != nil || one.transaction > newest.transaction {
		t.Errorf("%+v, %v", one, err)
	}
}

func TestWhatIsNoDatabaseIsTold(t *testing.T) {
	for name, text := range map[string][]byte{"empty": nil, "zeros": make([]byte, 65536), "short": []byte("bolt")} {
		path := filepath.Join(t.TempDir(), name)
		must(t, os.WriteFile(path, text, 0o600))
		if err := Look(path, func(Bucket) error { return nil }); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Look(filepath.Join(t.TempDir(), "none"), nil); !os.IsNotExist(err) {
		t.Errorf("of none: %v", err)
	}
}

// Whatever stands in the pages, a look ends, and reads no memory that is not the page's.
func FuzzPages(f *testing.F) {
	text, err := os.ReadFile(unpacked(f, "metadata.db"))
	must(f, err)
	f.Add(uint32(4096*2+10), []byte{0xFF, 0xFF})
	f.Add(uint32(4096*3), []byte{1, 0, 0, 0, 0, 0, 0, 0, 1, 0})
	path := filepath.Join(f.TempDir(), "fuzzed.db")
	f.Fuzz(func(t *testing.T, at uint32, change []byte) {
		changed := append([]byte{}, text...)
		// The heads stay good: behind a bad one nothing is read.
		from := 2*4096 + int(at)%(len(text)-2*4096)
		copy(changed[from:], change)
		must(t, os.WriteFile(path, changed, 0o600))
		_ = Look(path, func(db Bucket) error {
			var walk func(b Bucket, depth int) error
			walk = func(b Bucket, depth int) error {
				return b.Each(func(_ string, _ []byte, inner *Bucket) error {
					if inner == nil || depth > 10 {
						return nil
					}
					return walk(*inner, depth+1)
				})
			}
			if err := walk(db, 0); err != nil {
				return err
			}
			_, _, err := db.Bucket("v1", "snapshots", "moby/21/22a71dbc890193f8fc432a8a8f5c8371db073f89aaaab3412ee7f61aecc14761")
			return err
		})
	})
}
