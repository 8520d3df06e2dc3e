package lab

import (
	"context"
	"fmt"
	"syscall"
	"time"
	"unsafe"
)

const pollIn = 0x1 // POLLIN, poll(2)

type pollFD struct {
	fd      int32
	events  int16
	revents int16
}

// pollReadable waits until fd is readable or ctx ends. It wakes every 100 ms
// to look at ctx, which ppoll(2) knows nothing of.
func pollReadable(ctx context.Context, fd int32) (bool, error) {
	for {
		p := pollFD{fd: fd, events: pollIn}
		ts := syscall.NsecToTimespec(int64(100 * time.Millisecond))
		n, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
		switch {
		case errno != 0 && errno != syscall.EINTR:
			return false, fmt.Errorf("poll process: %w", errno)
		case errno == 0 && n == 1:
			return true, nil
		case ctx.Err() != nil:
			return false, ctx.Err()
		}
	}
}
