// Package realtime runs a process before all that has no deadline: what leads calls must
// not wait behind what writes about them. It owns the scheduling class of a process's
// threads and nothing else; how many cores a process may use is its own matter.
//
// Asterisk takes the same class for itself (highpriority in asterisk.conf; its
// set_priority in main/asterisk.c asks for SCHED_RR at 10). Whoever leads its calls needs
// no more and no less: at a lower priority they wait for each other on a full machine, at
// the usual one the controller's work waits behind everybody's.
//
// A machine cannot be taken over by it: the kernel leaves 5 % of its time to the others
// (sched(7), sched_rt_runtime_us).
package realtime

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

const (
	// Calls is the priority of what leads calls, of 1 to 99: Asterisk's own.
	Calls = 10
	// Instruments is that of what makes calls and measures them, which must come on time
	// however busy what it measures is.
	Instruments = 20
)

// ErrNotAllowed is the system's no. Everything goes on at the usual priority.
var ErrNotAllowed = errors.New("not allowed: it takes CAP_SYS_NICE, or a limit for it (systemd: LimitRTPRIO=10)")

// Run gives all threads of a process, and those that they start from now on, a real-time
// priority (SCHED_RR, sched(7)). It is called once, early: by the controller for itself,
// by benchmarks for what makes their calls.
func Run(pid, priority int) error {
	attr := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: uint32(priority)}
	var done []int
	// A thread may be started by one whose turn is still to come, so until there is no new one.
	for {
		threads, err := threadsOf(pid)
		if err != nil {
			return fmt.Errorf("real-time priority of process %d: %w", pid, err)
		}
		fresh := slices.DeleteFunc(threads, func(id int) bool { return slices.Contains(done, id) })
		if len(fresh) == 0 {
			return nil
		}
		for _, id := range fresh {
			if err := give(id, attr); err != nil {
				return fmt.Errorf("real-time priority of process %d: %w", pid, err)
			}
		}
		done = append(done, fresh...)
	}
}

func give(thread int, attr unix.SchedAttr) error {
	switch err := unix.SchedSetAttr(thread, &attr, 0); {
	case errors.Is(err, unix.ESRCH): // it has ended meanwhile
		return nil
	case errors.Is(err, unix.EPERM):
		return ErrNotAllowed
	default:
		return err
	}
}

func threadsOf(pid int) ([]int, error) {
	entries, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		return nil, err
	}
	ids := make([]int, 0, len(entries))
	for _, e := range entries {
		id, err := strconv.Atoi(e.Name())
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}
