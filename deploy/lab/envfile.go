package lab

import (
	"fmt"
	"regexp"
	"strings"
)

// variable is one line of .lab/env.
type variable struct{ name, value string }

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// quote makes a word of any text for a POSIX shell.
func quote(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// renderEnv is the shell-sourceable text of the variables, each exported.
func renderEnv(vars []variable) []byte {
	var b strings.Builder
	b.WriteString("# Written by the Linekeeper lab: . .lab/env\n")
	for _, v := range vars {
		fmt.Fprintf(&b, "export %s=%s\n", v.name, quote(v.value))
	}
	return []byte(b.String())
}

// writeEnv writes LAB_DIR/env. It holds passwords: for its owner only.
func writeEnv(o Options, token string) error {
	return writeFile(o.in("env"), renderEnv(variables(o, token)), 0o600)
}

// variables are the lab's contract with every test, demo and benchmark.
func variables(o Options, token string) []variable {
	a, r, c := o.asterisk(), o.rt(), o.controller()
	vars := []variable{
		{"LAB_HTTP", c.URL},
		{"LAB_SIP", a.SIP()},
		{"LAB_TRUNK", a.Outside()},
		{"LAB_ARI", a.URL()},
		{"LAB_ARI_USER", ariUser},
		{"LAB_ARI_PASSWORD", ariPassword},
		{"LAB_DSN", o.postgres().DSN()},
		{"LAB_NATS", fmt.Sprintf("nats://%s:%d", loopback, o.Ports.NATS)},
		{"LAB_TOKEN", token},
		{"LAB_RT", r.URL()},
		{"LAB_RT_TOKEN", r.Token()},
		{"LAB_ISSUER", o.issuer().URL()},
		{"LAB_CONTROLLER_PID", pidText(c.PID())},
		{"LAB_ASTERISK_PID", pidText(a.PID())},
		{"LAB_DIR", o.Dir},
	}
	for _, p := range people {
		vars = append(vars, variable{"LAB_PASSWORD_" + strings.ToUpper(p.name), p.password()})
	}
	return vars
}

// pidText is empty for what does not run, so that `kill $LAB_…_PID` never
// means process group 0.
func pidText(pid int) string {
	if pid == 0 {
		return ""
	}
	return fmt.Sprint(pid)
}
