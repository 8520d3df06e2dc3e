package asteriskfake

import (
	"encoding/json"
	"net/http"
	"slices"
)

// attribute is one field of a configuration object; "contact" may come several
// times.
type attribute struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
}

func knownKind(r *asked) bool {
	return r.PathValue("class") == "res_pjsip" && slices.Contains([]string{"auth", "aor", "endpoint"}, r.PathValue("kind"))
}

func noKind(r *asked) (int, any) {
	return http.StatusNotFound, says("objectType '%s' not found", r.PathValue("kind"))
}

func objectName(r *asked) string { return r.PathValue("kind") + "/" + r.PathValue("id") }

// putDynamic starts from the object that is there, and adds static contacts to
// those it has, as Asterisk does.
func (s *Server) putDynamic(r *asked) (int, any) {
	if !knownKind(r) {
		return noKind(r)
	}
	var put []attribute
	if json.Unmarshal(r.body["fields"], &put) != nil {
		return http.StatusBadRequest, says("Creation of object '%s' failed field value validation", r.PathValue("id"))
	}
	object := s.dynamic[objectName(r)]
	for _, f := range put {
		if f.Attribute != "contact" {
			object = slices.DeleteFunc(object, func(o attribute) bool { return o.Attribute == f.Attribute })
		}
		if !slices.Contains(object, f) {
			object = append(object, f)
		}
	}
	s.dynamic[objectName(r)] = object
	return http.StatusOK, object
}

func (s *Server) getDynamic(r *asked) (int, any) {
	if !knownKind(r) {
		return noKind(r)
	}
	if object, there := s.dynamic[objectName(r)]; there {
		return http.StatusOK, append(slices.Clone(object), s.registrations(r)...)
	}
	return http.StatusNotFound, says("Object '%s' not found", r.PathValue("id"))
}

// registrations are what a GET lists beside the static contacts of an AOR.
func (s *Server) registrations(r *asked) []attribute {
	p := s.phones[r.PathValue("id")]
	if r.PathValue("kind") != "aor" || p == nil || p.offline {
		return nil
	}
	return []attribute{{"contact", "sip:" + p.ID + "@127.0.0.1:5062"}}
}

// deleteDynamic deletes an object; an AOR takes its registrations with it, and a
// subscription to an endpoint stays and is deaf from then on.
func (s *Server) deleteDynamic(r *asked) (int, any) {
	if _, there := s.dynamic[objectName(r)]; !there || !knownKind(r) {
		return http.StatusNotFound, says("Object '%s' not found", r.PathValue("id"))
	}
	delete(s.dynamic, objectName(r))
	if name := "PJSIP/" + r.PathValue("id"); r.PathValue("kind") == "endpoint" && s.watched[name] {
		s.watched[name] = false
	}
	if p := s.phones[r.PathValue("id")]; p != nil && r.PathValue("kind") == "aor" {
		p.offline = true
	}
	return http.StatusNoContent, nil
}

// Dynamic gives the values of an attribute of an object that was PUT into the
// dynamic configuration: Dynamic("endpoint", "alice", "webrtc").
func (s *Server) Dynamic(kind, id, name string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attribute(kind, id, name)
}

// WaitDynamic waits until a dynamic object has an attribute.
func (s *Server) WaitDynamic(kind, id, name string) {
	s.t.Helper()
	s.wait(kind+" "+id+" with "+name, func() bool { return len(s.attribute(kind, id, name)) > 0 })
}

func (s *Server) attribute(kind, id, name string) []string {
	var values []string
	for _, f := range s.dynamic[kind+"/"+id] {
		if f.Attribute == name {
			values = append(values, f.Value)
		}
	}
	return values
}
