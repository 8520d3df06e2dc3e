package queuelog

import (
	"strconv"
	"strings"
)

// event is the fifth field of a line.
type event string

// The events written. Asterisk apps/app_queue.c, main/logger.c.
const (
	queueStart       event = "QUEUESTART"
	configReload     event = "CONFIGRELOAD"
	enterQueue       event = "ENTERQUEUE"
	connect          event = "CONNECT"
	completeCaller   event = "COMPLETECALLER"
	completeAgent    event = "COMPLETEAGENT"
	blindTransfer    event = "BLINDTRANSFER"
	attendedTransfer event = "ATTENDEDTRANSFER"
	abandon          event = "ABANDON"
	exitEmpty        event = "EXITEMPTY"
	exitWithTimeout  event = "EXITWITHTIMEOUT"
	exitWithKey      event = "EXITWITHKEY"
	withdraw         event = "WITHDRAW"
	ringNoAnswer     event = "RINGNOANSWER"
	ringCancelled    event = "RINGCANCELED"
	addMember        event = "ADDMEMBER"
	removeMember     event = "REMOVEMEMBER"
	pause            event = "PAUSE"
	unpause          event = "UNPAUSE"
	pauseAll         event = "PAUSEALL"
	unpauseAll       event = "UNPAUSEALL"
	penalty          event = "PENALTY"
)

// What stands in a field that names nothing, and as callid of what was done by
// command.
const (
	none    = "NONE"
	manager = "MANAGER"
)

// infoLimit is the most characters of WITHDRAW's last field (app_queue: %.40s).
const infoLimit = 40

// line is one line of the file; empty callid, queue and agent are NONE.
type line struct {
	epoch  int64
	callid string
	queue  string
	agent  string
	event  event
	data   []string
}

// appendTo writes the line behind b.
func (l line) appendTo(b []byte) []byte {
	b = strconv.AppendInt(b, l.epoch, 10)
	for _, s := range []string{orNone(l.callid), orNone(l.queue), orNone(l.agent), string(l.event)} {
		b = append(append(b, '|'), s...)
	}
	b = append(b, '|') // stands there without data too
	for i, s := range l.data {
		if i > 0 {
			b = append(b, '|')
		}
		b = append(b, field(s)...)
	}
	return append(b, '\n')
}

func orNone(s string) string {
	if s == "" {
		return none
	}
	return field(s)
}

// field makes a text fit for a field: nothing in it may end the field or the
// line. app_queue writes "|" in names as "_".
func field(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '|' || r < ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, s)
}

func number[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }

// cut keeps the first characters of a text.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
