package stats

import "testing"

func TestKernelTexts(t *testing.T) {
	same := func(what string, got, want uint64) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	same("a number", number([]byte("123\n"), 9), 123)
	same("max", number([]byte("max\n"), 9), 9)
	same("nothing", number(nil, 9), 9)
	stat := []byte("inactive_file_x 1\ninactive_file 4096\ntotal_inactive_file 8192\n")
	same("v2 cache", field(stat, "inactive_file"), 4096)
	same("v1 cache", field(stat, "total_inactive_file"), 8192)
	same("no such field", field(stat, "file"), 0)

	read, written := ioV1([]byte("8:0 Read 100\n8:0 Write 7\n8:0 Sync 1\n8:16 Read 5\nTotal 113\n"))
	same("v1 read", read, 105)
	same("v1 written", written, 7)
	read, written = ioV2([]byte("8:0 rbytes=100 wbytes=7 rios=1 wios=1 dbytes=0 dios=0\n253:0 rbytes=5 wbytes=1\n"))
	same("v2 read", read, 105)
	same("v2 written", written, 8)

	received, sent := netDev([]byte("Inter-|   Receive                |  Transmit\n" +
		" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets\n" +
		"    lo:  999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0\n" +
		"  eth0: 1500 9 0 0 0 0 0 0 700 8 0 0 0 0 0 0\n" +
		"docker0: 50 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0\n" +
		"veth1a2: 50 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0\n" +
		" ethwe: 50 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0\n" +
		"  tun0: 50 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0\n" +
		"eth1:10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n"))
	same("received", received, 1510)
	same("sent", sent, 720)

	same("pressure", pressure([]byte("some avg10=12.34 avg60=0.00 avg300=0.00 total=1\nfull avg10=99.99\n")), 1234)
	same("no pressure", pressure([]byte("")), 0)
}

func FuzzTexts(f *testing.F) {
	f.Add([]byte("8:0 Read 100\neth0: 1 2\nsome avg10=1.23\nrbytes=1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ioV1(text)
		ioV2(text)
		netDev(text)
		pressure(text)
		field(text, "inactive_file")
		number(text, 0)
	})
}
