package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// tick is the unit of CPU times in /proc: USER_HZ is 100 on every Linux
// architecture Go runs on (proc(5), time(7)).
const tick = 10 * time.Millisecond

// process is one part whose CPU time is counted.
type process struct {
	name string
	pid  int
	// family: its children's time is counted too, as PostgreSQL works in them.
	family bool
}

// usage is the CPU time of each part since it began, by name.
type usage map[string]time.Duration

// usageOf reads the CPU time of every part.
func usageOf(parts []process) (usage, error) {
	u := usage{}
	for _, p := range parts {
		own, err := readUsage(p.pid)
		if err != nil {
			return nil, fmt.Errorf("count the CPU time of %s: %w", p.name, err)
		}
		u[p.name] = own.total
		if p.family {
			u[p.name] += childrenUsage(p.pid)
		}
	}
	return u, nil
}

// since is what was used after an earlier reading, in seconds for each of n calls.
func (u usage) since(earlier usage, n int) map[string]float64 {
	each := map[string]float64{}
	for name, now := range u {
		each[name] = ratio((now - earlier[name]).Seconds(), float64(n))
	}
	return each
}

// stat is what is read of /proc/PID/stat.
type stat struct {
	parent int
	total  time.Duration // own time in all threads, and of children that have ended
}

func readUsage(pid int) (stat, error) {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return stat{}, err
	}
	return parseStat(b)
}

// parseStat reads fields 4 and 14 to 17 of proc_pid_stat(5). The command's name,
// field 2, may hold anything but ends with the last parenthesis.
func parseStat(b []byte) (stat, error) {
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(fields) < 15 {
		return stat{}, fmt.Errorf("a stat line of %d fields", len(fields))
	}
	parent, err := strconv.Atoi(string(fields[1]))
	if err != nil {
		return stat{}, fmt.Errorf("read the parent: %w", err)
	}
	s := stat{parent: parent}
	for _, f := range fields[11:15] { // utime stime cutime cstime
		n, err := strconv.ParseInt(string(f), 10, 64)
		if err != nil {
			return stat{}, fmt.Errorf("read a CPU time: %w", err)
		}
		s.total += time.Duration(n) * tick
	}
	return s, nil
}

// childrenUsage sums the times of a process's living children. Those that end
// between two readings are in their parent's own figure.
func childrenUsage(pid int) time.Duration {
	var sum time.Duration
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range all {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // it has just ended
		}
		if s, err := parseStat(b); err == nil && s.parent == pid {
			sum += s.total
		}
	}
	return sum
}
