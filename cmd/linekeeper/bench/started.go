package bench

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

// Started is when a process was started, to 10 ms: proc(5) counts in hundredths of
// a second since boot, in stat (field 22) and in uptime.
func Started(pid int) (time.Time, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return time.Time{}, fmt.Errorf("when process %d started: %w", pid, err)
	}
	uptime, err := os.ReadFile("/proc/uptime")
	now := time.Now()
	if err != nil {
		return time.Time{}, fmt.Errorf("when process %d started: %w", pid, err)
	}
	age, err := ageOf(stat, uptime)
	if err != nil {
		return time.Time{}, fmt.Errorf("when process %d started: %w", pid, err)
	}
	return now.Add(-age), nil
}

// ageOf is how old a process is by its stat line, at an uptime.
func ageOf(stat, uptime []byte) (time.Duration, error) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	up := bytes.Fields(uptime)
	if len(fields) < 20 || len(up) == 0 {
		return 0, fmt.Errorf("a stat line of %d fields, an uptime of %d", len(fields), len(up))
	}
	started, err1 := strconv.ParseInt(string(fields[19]), 10, 64)
	now, err2 := strconv.ParseFloat(string(up[0]), 64)
	return time.Duration(now*float64(time.Second)) - time.Duration(started)*tick, errors.Join(err1, err2)
}
