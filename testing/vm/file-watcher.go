// A watcher of one folder, as build tools have it: a line for each event that the kernel tells, until it is killed.
package main

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

var names = []struct {
	mask uint32
	word string
}{
	{syscall.IN_MODIFY, "modified"},
	{syscall.IN_ATTRIB, "attributes"},
	{syscall.IN_CREATE, "created"},
	{syscall.IN_DELETE, "removed"},
}

func main() {
	if err := watch(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func watch(folder string) error {
	fd, err := syscall.InotifyInit()
	if err != nil {
		return err
	}
	var all uint32
	for _, each := range names {
		all |= each.mask
	}
	if _, err := syscall.InotifyAddWatch(fd, folder, all); err != nil {
		return err
	}
	buffer := make([]byte, 64*1024)
	for {
		n, err := syscall.Read(fd, buffer)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		for at := 0; at < n; {
			event := (*syscall.InotifyEvent)(unsafe.Pointer(&buffer[at]))
			start := at + syscall.SizeofInotifyEvent
			at = start + int(event.Len)
			say(event.Mask, string(bytes.TrimRight(buffer[start:at], "\x00")))
		}
	}
}

// An event of the folder itself has no name.
func say(mask uint32, name string) {
	if name == "" {
		name = "."
	}
	for _, each := range names {
		if mask&each.mask != 0 {
			fmt.Println(each.word, name)
		}
	}
}
