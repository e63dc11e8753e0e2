package stats

import (
	"encoding/json"
	"io"
	"time"

	"slipway/agent/wire"
)

const (
	// CPU is a difference: the second reading comes soon, so that the first value does too.
	firstGap      = 100 * time.Millisecond
	minIntervalMs = 100
	maxIntervalMs = 60_000
	// Enough for memory.stat of every kernel that we know (about 2 KiB), and /proc/net/dev of 300 interfaces.
	bufferBytes = 64 * 1024
	// So many samples, each changed in all fields, are still one frame.
	maxSlots = 5_000
)

// Options say where the host's files stand for us.
type Options struct {
	CgroupRoot string
	ProcRoot   string
}

// WatchArgs is what to watch, and how often. Later messages of the same shape change it; slots that are not named
// any more are dropped.
type WatchArgs struct {
	IntervalMs int `json:"intervalMs"`
	// Slot numbers to container ids of 64 digits. The client chooses the numbers: small ones cost a byte, and none is
	// used for a second container in one stream, as a tick for the first may be on the road.
	Slots map[uint32]string `json:"slots"`
}

func (a *WatchArgs) check() error {
	if a.IntervalMs < minIntervalMs || a.IntervalMs > maxIntervalMs {
		return wire.BadArgs("intervalMs is not between %d and %d", minIntervalMs, maxIntervalMs)
	}
	if len(a.Slots) > maxSlots {
		return wire.BadArgs("more than %d containers", maxSlots)
	}
	for _, id := range a.Slots {
		if len(id) != 64 || !idInName.MatchString(id) {
			return wire.BadArgs("%q is no container id", id)
		}
	}
	return nil
}

// Watch serves `stats.watch`: ticks as Encoder writes them. Nothing is read while nothing is watched.
func Watch(options Options) wire.Open {
	return func(s *wire.Stream, raw json.RawMessage) error {
		var args WatchArgs
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return err
		}
		if err := args.check(); err != nil {
			return err
		}
		w := &watch{
			options: options, places: NewPlaces(options.CgroupRoot), encoder: NewEncoder(),
			slots: map[uint32]*slot{}, buffer: make([]byte, bufferBytes), begun: time.Now(),
		}
		defer w.close()
		if w.places.Version() == "" {
			return wire.Errorf("engine.unsupported", "No control groups are to be seen")
		}
		changes := make(chan WatchArgs)
		failed := make(chan error, 1)
		go receive(s, changes, failed)
		return w.run(s, args, changes, failed)
	}
}

func receive(s *wire.Stream, changes chan<- WatchArgs, failed chan<- error) {
	for {
		item, err := s.Recv()
		if err == io.EOF {
			// No more changes; what is watched goes on.
			return
		}
		var args WatchArgs
		if err == nil {
			err = wire.DecodeArgs(item.Message, &args)
		}
		if err == nil {
			err = args.check()
		}
		if err != nil {
			failed <- err
			return
		}
		select {
		case changes <- args:
		case <-s.Context().Done():
			return
		}
	}
}

type slot struct {
	id    string
	group *group
}

type watch struct {
	options Options
	places  *Places
	encoder *Encoder
	slots   map[uint32]*slot
	buffer  []byte
	begun   time.Time
	clock   clock
	// Kept from tick to tick, so that a tick makes no garbage.
	read []reading
	gone []uint32
	out  []byte
}

type reading struct {
	slot   uint32
	sample Sample
}

func (w *watch) run(s *wire.Stream, args WatchArgs, changes <-chan WatchArgs, failed <-chan error) error {
	w.set(args.Slots)
	if err := w.tick(s); err != nil {
		return err
	}
	timer := time.NewTimer(firstGap)
	defer timer.Stop()
	for {
		wait := timer.C
		if len(w.slots) == 0 {
			wait = nil
		}
		select {
		case <-s.Context().Done():
			return s.Context().Err()
		case err := <-failed:
			return err
		case next := <-changes:
			hasNew := w.set(next.Slots)
			if next.IntervalMs == args.IntervalMs && !hasNew {
				args = next
				continue
			}
			args = next
			if err := w.tick(s); err != nil {
				return err
			}
			resetTimer(timer, firstGap)
		case <-wait:
			resetTimer(timer, time.Duration(args.IntervalMs)*time.Millisecond)
			if err := w.tick(s); err != nil {
				return err
			}
		}
	}
}

func resetTimer(timer *time.Timer, after time.Duration) {
	if !timer.Stop() {
		select {
		case <-timer.C:
		default:
		}
	}
	timer.Reset(after)
}

// set makes the slots those that are asked for; true when one is new.
func (w *watch) set(wanted map[uint32]string) bool {
	for number, have := range w.slots {
		if wanted[number] != have.id {
			w.drop(number)
		}
	}
	hasNew := false
	for number, id := range wanted {
		if w.slots[number] == nil {
			w.slots[number] = &slot{id: id}
			hasNew = true
		}
	}
	return hasNew
}

func (w *watch) drop(number uint32) {
	if have := w.slots[number]; have != nil && have.group != nil {
		have.group.close()
	}
	delete(w.slots, number)
	delete(w.encoder.last, number)
}

// tick reads every slot once and sends what came; the time is told also when nothing ran, so that the next
// differences are right. A container that does not run yet is looked for again.
func (w *watch) tick(s *wire.Stream) error {
	w.read, w.gone = w.read[:0], w.gone[:0]
	now := time.Now()
	nowNs := w.clock.at(uint64(now.UnixNano()), now.Sub(w.begun))
	for number, have := range w.slots {
		if have.group == nil {
			group, err := openGroup(w.places, w.options.ProcRoot, have.id)
			if err != nil {
				continue
			}
			have.group = group
		}
		sample, err := have.group.read(w.buffer)
		if err != nil {
			have.group.close()
			have.group = nil
			w.gone = append(w.gone, number)
			continue
		}
		w.read = append(w.read, reading{number, sample})
	}
	w.out = w.encoder.AppendTick(w.out[:0], nowNs, len(w.read))
	for _, one := range w.read {
		w.out = w.encoder.AppendSample(w.out, one.slot, one.sample)
	}
	for _, number := range w.gone {
		w.out = w.encoder.AppendGone(w.out, number)
	}
	return s.SendWhole(w.out)
}

func (w *watch) close() {
	for number := range w.slots {
		w.drop(number)
	}
}
