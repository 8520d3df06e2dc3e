package asteriskfake

import (
	"net/http"
	"strings"
	"time"
)

// Fault spoils requests. The zero Fault spoils none.
type Fault struct {
	Method string // "" any
	Path   string // a part of the path: "/dial"
	Times  int    // how many requests; 0 means one

	Status  int           // answer this instead of doing it
	Drop    bool          // cut the connection instead of doing it
	Happens bool          // with Drop: do it, and cut instead of answering
	Delay   time.Duration // wait before doing it
}

// Inject adds a fault. The first fault that fits a request has it.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

// Heal takes all faults away.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// faultFor takes the fault that a request meets. The lock is held.
func (s *Server) faultFor(r *http.Request) *Fault {
	for _, f := range s.faults {
		if f.Times > 0 && (f.Method == "" || f.Method == r.Method) && strings.Contains(r.URL.Path, f.Path) {
			f.Times--
			return f
		}
	}
	return nil
}

// before spoils a request that is not to be done; false means it was spoilt.
func (f *Fault) before(w http.ResponseWriter, r *http.Request) bool {
	if f.Delay > 0 {
		late := time.NewTimer(f.Delay)
		defer late.Stop()
		select {
		case <-late.C:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	if f.Drop && !f.Happens {
		panic(http.ErrAbortHandler)
	}
	if f.Status != 0 {
		refuse(w, f.Status, http.StatusText(f.Status))
		return false
	}
	return true
}

// after spoils the answer to a request that was done.
func (f *Fault) after() {
	if f.Drop && f.Happens {
		panic(http.ErrAbortHandler)
	}
}
