package asteriskfake

import (
	"net/http"
	"time"
)

// file is an answer that is a file's content and no JSON.
type file []byte

// tracksTime is how long a recording of both sides is, whatever was said.
const tracksTime = 100 * time.Millisecond

// tracksFile is that long: 8 kHz, two sides of 16 bits.
var tracksFile = make(file, int(tracksTime/time.Millisecond)*8*4)

// continueInDialplan knows the context tracks only: the channel leaves the
// application and its bridge, and is back a moment later.
func (s *Server) continueInDialplan(r *asked, ch *channel) (int, any) {
	extension := r.text("extension")
	if r.text("context") != "tracks" || (extension != "start" && extension != "stop") {
		return http.StatusBadRequest, says("fake asterisk has no %s,%s in its dialplan", r.text("context"), extension)
	}
	s.leaveBridge(ch)
	ch.stasis = false
	ch.Dialplan.AppName, ch.Dialplan.AppData = "", ""
	s.send("StasisEnd", fields{"channel": ch.view()})
	data := App + ",tracks," + ch.vars["LK_STEP"] + ","
	s.keepTracks(ch)
	if extension == "start" {
		ch.tracks = ch.vars["LK_TRACKS"]
		ch.vars["MIXMONITOR_FILENAME"] = "/spool/recording/" + ch.tracks + ".raw"
	} else {
		data += ch.vars["LK_TRACKS"]
	}
	ch.timer = time.AfterFunc(time.Millisecond, func() { s.enterLeg(ch, data) })
	return http.StatusNoContent, nil
}

// keepTracks ends the recording of both sides of a channel, if one is made.
func (s *Server) keepTracks(ch *channel) {
	if ch.tracks != "" {
		s.stored[ch.tracks] = &recording{name: ch.tracks, format: "raw", state: "done", spoken: tracksTime, channel: ch}
		ch.tracks = ""
	}
}

func (s *Server) getStoredFile(r *asked) (int, any) {
	if s.stored[r.PathValue("name")] == nil {
		return http.StatusNotFound, says("Recording not found")
	}
	return http.StatusOK, tracksFile
}

func (s *Server) deleteStored(r *asked) (int, any) {
	if s.stored[r.PathValue("name")] == nil {
		return http.StatusNotFound, says("Recording not found")
	}
	delete(s.stored, r.PathValue("name"))
	return http.StatusNoContent, nil
}

func (s *Server) getBridge(r *asked) (int, any) {
	if b := s.bridges[r.PathValue("bridge")]; b != nil {
		return http.StatusOK, b.view()
	}
	return http.StatusNotFound, says("Bridge not found")
}
