package asteriskfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is one HTTP request that came, without event sockets.
type Request struct {
	Method string
	Path   string // as sent, escapes and all
	Query  url.Values
	Body   string
}

// answer does a request's work with the lock held and says what to reply: a
// status, and what to write as JSON (nil for nothing).
type answer func(r *asked) (status int, reply any)

// asked is a request with its parameters, which ARI takes from query or body.
type asked struct {
	*http.Request
	body map[string]json.RawMessage
}

// text reads a parameter, "" if absent.
func (a *asked) text(name string) string {
	if raw, ok := a.body[name]; ok {
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return string(raw)
		}
		return s
	}
	return a.URL.Query().Get(name)
}

// list reads a parameter that may hold several, comma-separated in the query.
func (a *asked) list(name string) []string {
	raw, ok := a.body[name]
	if !ok {
		return strings.Split(a.URL.Query().Get(name), ",")
	}
	var several []string
	if json.Unmarshal(raw, &several) == nil {
		return several
	}
	return []string{a.text(name)} // a string in a body is not split at commas
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ari/events", s.events)
	for pattern, do := range map[string]answer{
		"GET /ari/asterisk/info":                                  s.info,
		"PUT /ari/asterisk/config/dynamic/{class}/{kind}/{id}":    s.putDynamic,
		"GET /ari/asterisk/config/dynamic/{class}/{kind}/{id}":    s.getDynamic,
		"DELETE /ari/asterisk/config/dynamic/{class}/{kind}/{id}": s.deleteDynamic,
		"GET /ari/endpoints/PJSIP":                                s.listEndpoints,
		"GET /ari/endpoints/PJSIP/{id}":                           s.getEndpoint,
		"PUT /ari/applications/{app}/eventFilter":                 s.putFilter,
		"GET /ari/applications/{app}":                             s.getApplication,
		"POST /ari/applications/{app}/subscription":               s.watch,
		"DELETE /ari/applications/{app}/subscription":             s.unwatch,
		"POST /ari/events/user/{name}":                            s.userEvent,
		"GET /ari/channels":                                       s.listChannels,
		"POST /ari/channels/create":                               s.createChannel,
		"GET /ari/channels/{channel}":                             s.onChannel(s.getChannel),
		"POST /ari/channels/{channel}":                            s.originateChannel,
		"DELETE /ari/channels/{channel}":                          s.onChannel(s.deleteChannel),
		"POST /ari/channels/{channel}/answer":                     s.inStasis(s.answerChannel),
		"POST /ari/channels/{channel}/dial":                       s.inStasis(s.dialChannel),
		"GET /ari/channels/{channel}/variable":                    s.onChannel(s.getVariable),
		"POST /ari/channels/{channel}/variables":                  s.onChannel(s.setVariables),
		"POST /ari/channels/{channel}/ring":                       s.inStasis(s.startRinging),
		"DELETE /ari/channels/{channel}/ring":                     s.inStasis(s.stopRinging),
		"POST /ari/channels/{channel}/record":                     s.inStasis(s.record),
		"POST /ari/channels/{channel}/continue":                   s.inStasis(s.continueInDialplan),
		"GET /ari/bridges/{bridge}":                               s.getBridge,
		"GET /ari/recordings/stored/{name}/file":                  s.getStoredFile,
		"DELETE /ari/recordings/stored/{name}":                    s.deleteStored,
		"GET /ari/recordings/live/{name}":                         s.getLiveRecording,
		"POST /ari/recordings/live/{name}/stop":                   s.stopLiveRecording,
		"GET /ari/recordings/stored/{name}":                       s.getStoredRecording,
		"POST /ari/channels/{channel}/moh":                        s.inStasis(s.startMusic),
		"DELETE /ari/channels/{channel}/moh":                      s.inStasis(s.stopMusic),
		"POST /ari/channels/{channel}/play/{playback}":            s.inStasis(s.play),
		"GET /ari/playbacks/{playback}":                           s.getPlayback,
		"DELETE /ari/playbacks/{playback}":                        s.stopPlayback,
		"GET /ari/bridges":                                        s.listBridges,
		"POST /ari/bridges/{bridge}":                              s.createBridge,
		"DELETE /ari/bridges/{bridge}":                            s.deleteBridge,
		"POST /ari/bridges/{bridge}/addChannel":                   s.addChannels,
		"POST /ari/bridges/{bridge}/removeChannel":                s.removeChannels,
		"POST /ari/channels/{channel}/mute":                       s.inStasis(s.muteChannel),
		"DELETE /ari/channels/{channel}/mute":                     s.inStasis(s.muteChannel),
		"POST /ari/channels/{channel}/dtmf":                       s.inStasis(s.sendDTMF),
		"POST /ari/channels/{channel}/transfer_progress":          s.inStasis(s.transferProgress),
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, do) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "Resource not found")
	})
	return s.authenticated(mux)
}

func (s *Server) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != User || password != Password {
			w.Header().Set("WWW-Authenticate", `Basic realm="Asterisk REST Interface"`)
			refuse(w, http.StatusUnauthorized, "Authentication required")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// serve notes the request, lets a fault have it, and answers.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, do answer) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	a := &asked{Request: r, body: map[string]json.RawMessage{}}
	if len(raw) > 0 && json.Unmarshal(raw, &a.body) != nil {
		refuse(w, http.StatusBadRequest, "Failed to parse JSON body")
		return
	}
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.Method, r.URL.EscapedPath(), r.URL.Query(), string(raw)})
	fault := s.faultFor(r)
	s.mu.Unlock()
	if fault != nil && !fault.before(w, r) {
		return
	}
	s.mu.Lock()
	if s.http == nil {
		s.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	status, reply := do(a)
	encoded, err := json.Marshal(reply)
	s.touch()
	s.mu.Unlock()
	if fault != nil {
		fault.after()
	}
	if raw, is := reply.(file); is {
		w.Header().Set("Content-Type", "audio/raw")
		w.WriteHeader(status)
		_, _ = w.Write(raw)
		return
	}
	if err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	write(w, status, reply != nil, encoded)
}

func write(w http.ResponseWriter, status int, hasBody bool, body []byte) {
	if !hasBody {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func says(message string, args ...any) map[string]string {
	return map[string]string{"message": fmt.Sprintf(message, args...)}
}

func refuse(w http.ResponseWriter, status int, message string) {
	body, err := json.Marshal(says("%s", message))
	if err != nil {
		panic(err) // a map of strings
	}
	write(w, status, true, body)
}

// Requests lists the requests that came, heartbeats left out.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.requests), func(r Request) bool {
		return strings.HasPrefix(r.Path, "/ari/events/")
	})
}

func (s *Server) info(*asked) (int, any) {
	return http.StatusOK, map[string]any{
		"system": map[string]string{"version": "22.10.1", "entity_id": EntityID},
		"status": map[string]string{"startup_time": stamp(s.boot), "last_reload_time": stamp(s.boot)},
	}
}

func (s *Server) putFilter(r *asked) (int, any) {
	var disallowed []struct{ Type string }
	if raw, ok := r.body["disallowed"]; ok && json.Unmarshal(raw, &disallowed) != nil {
		return http.StatusBadRequest, says("Bad request")
	}
	if s.socket == nil {
		return http.StatusNotFound, says("Application not found")
	}
	s.filter = map[string]bool{}
	for _, d := range disallowed {
		s.filter[d.Type] = true
	}
	return http.StatusOK, map[string]any{"name": App, "events_disallowed": disallowed}
}

func (s *Server) userEvent(r *asked) (int, any) {
	if r.text("application") != App || s.socket == nil {
		return http.StatusNotFound, says("Application not found")
	}
	s.beats++
	name := r.PathValue("name")
	s.send("ChannelUserevent", fields{"eventname": name, "userevent": fields{"eventname": name}})
	return http.StatusNoContent, nil
}
