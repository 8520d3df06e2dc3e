package bench

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// Machine is where it was measured.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory string `json:"memory"`
	Kernel string `json:"kernel"`
	// Load is the load average of the minute before: what else the machine did.
	Load string `json:"load"`
}

// Versions are what was measured, each as it names itself.
type Versions struct {
	Linekeeper string `json:"linekeeper"`
	Asterisk   string `json:"asterisk"`
	Postgres   string `json:"postgres"`
	Sipp       string `json:"sipp"`
	Go         string `json:"go"`
}

// lookAround reads the machine; what cannot be read stays empty.
func lookAround() Machine {
	m := Machine{
		CPU: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(),
		Memory: field("/proc/meminfo", "MemTotal"), Kernel: firstWords("/proc/sys/kernel/osrelease", 1),
		Load: firstWords("/proc/loadavg", 1),
	}
	return m
}

// field is the value of the first "name : value" line of a file.
func field(path, name string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		if key, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func firstWords(path string, n int) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	words := strings.Fields(string(b))
	return strings.Join(words[:min(n, len(words))], " ")
}

// SippVersion is what sipp calls itself, "" if it does not say.
func SippVersion(ctx context.Context) string {
	out, _ := exec.CommandContext(ctx, "sipp", "-v").CombinedOutput() // it ends with 99
	for line := range strings.SplitSeq(string(out), "\n") {
		if name := strings.TrimSuffix(strings.TrimSpace(line), "."); strings.HasPrefix(name, "SIPp v") {
			return name
		}
	}
	return ""
}
