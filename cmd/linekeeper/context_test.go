package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	history "linekeeper/cdr/store"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/queue"
)

// Articles and scripts are applied with the rest, and count at once.
func TestArticlesAndScriptsAreApplied(t *testing.T) {
	s := startSite(t)
	search := func(words string) []agentdesk.FoundArticle {
		t.Helper()
		var found struct{ Articles []agentdesk.FoundArticle }
		if err := s.at.ask(t.Context(), http.MethodGet, "/articles?q="+words, nil, &found); err != nil {
			t.Fatal(err)
		}
		return found.Articles
	}
	if got := search("reseau"); len(got) == 0 {
		t.Error("the configured folder's articles are not found")
	}
	file := filepath.Join(s.dir, "knowledge", "giraffe.fr.md")
	if err := os.WriteFile(file, []byte("---\nid: giraffe\nlanguage: fr\ntitle: Girafe\nqueues: [support-n1]\n---\nUn long cou.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.edit("floor.yaml", "    script: first-line ", "    script: second-line ")
	has(t, s.run("apply", s.dir), "+ article giraffe.fr", "script: first-line → second-line", "version 1 is in force: 1 added, 1 changed, 0 removed")
	if got := search("giraf"); len(got) != 1 || got[0].Title != "Girafe" {
		t.Errorf("after the apply: %+v", got)
	}
	if script := s.app.site.Script("support-n1"); script == nil || script.ID != "second-line" || len(script.Steps) == 0 {
		t.Errorf("the queue's script is %+v", script)
	}
	if script := s.app.site.Script("bench"); script != nil {
		t.Errorf("a queue without a script has %+v", script)
	}
	s.giraffeIsReadBy("alice", "farid")
	s.edit("knowledge/giraffe.fr.md", "[support-n1]", "[zoo]")
	has(t, s.refused("apply", s.dir), "giraffe.fr.md:5:10", `the article names queue "zoo", which is not defined`)
}

// giraffeIsReadBy: the article is found and read by an agent of the queue it names, and
// is nowhere for another.
func (s *liveSite) giraffeIsReadBy(reader, other string) {
	s.t.Helper()
	tries := func(name string) (found []agentdesk.FoundArticle, err error) {
		as, answer := s.agent(name), struct{ Articles []agentdesk.FoundArticle }{}
		if err := as.ask(s.t.Context(), http.MethodGet, "/articles?q=girafe", nil, &answer); err != nil {
			s.t.Fatal(err)
		}
		return answer.Articles, as.ask(s.t.Context(), http.MethodGet, "/articles/linekeeper/giraffe", nil, nil)
	}
	if found, err := tries(reader); err != nil || len(found) != 1 {
		s.t.Errorf("%s finds %+v, and reads: %v", reader, found, err)
	}
	if found, err := tries(other); err == nil || !strings.Contains(err.Error(), "No such article") || len(found) > 0 {
		s.t.Errorf("%s finds %+v, and reads: %v", other, found, err)
	}
}

// agent is what an agent with an account of their own asks by.
func (s *liveSite) agent(name string) controller {
	s.t.Helper()
	accounts := s.app.records.accounts
	if err := accounts.Create(s.t.Context(), history.Account{Name: name, Role: history.RoleAgent, PasswordHash: "$argon2id$none"}); err != nil {
		s.t.Fatal(err)
	}
	token, err := accounts.CreateToken(s.t.Context(), name, "test", time.Time{})
	if err != nil {
		s.t.Fatal(err)
	}
	return controller{url: s.at.url, token: token}
}

// context is what a screen pop shows of a call, once every source has answered in its
// time.
func (s *liveSite) context(as controller, call cdr.CallID) agentdesk.CallContext {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	for {
		var pop agentdesk.CallContext
		if err := as.ask(ctx, http.MethodGet, "/calls/"+string(call)+"/context", nil, &pop); err != nil {
			s.t.Fatal(err)
		}
		if len(pop.Missing) == 0 {
			return pop
		}
		s.t.Logf("asked again, for: %+v", pop.Missing)
	}
}

// connected waits until a call is connected and returns it.
func (s *liveSite) connected() cdr.CallID {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	var call cdr.CallID
	found := errors.New("found")
	if err := s.app.facts.Read(ctx, 1, func(f cdr.Fact) error {
		if f.Kind() == cdr.KindConnected {
			call = f.Call
			return found
		}
		return nil
	}); !errors.Is(err, found) {
		s.t.Fatal(err)
	}
	return call
}

// recorded is a call's record with all the ledger has of it.
func (s *liveSite) recorded(call cdr.CallID) cdr.Record {
	s.t.Helper()
	story, err := s.app.facts.Story(s.t.Context(), call)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	if err := s.app.records.projector.Applied(ctx, story[len(story)-1].Seq); err != nil {
		s.t.Fatal(err)
	}
	r, err := s.app.records.history.Call(ctx, call)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// What an agent types and ticks is there after a restart of the controller, and in
// the record though nobody closed the wrap-up with it.
func TestNoteOutlivesTheController(t *testing.T) {
	s := startSite(t)
	alice := s.agent("alice")
	console, err := deskclient.Dial(s.at.url).Token(alice.token).Live(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer console.Close()
	phone := s.phone("alice")
	caller := s.fake.Call("0199000003", "0199001001", "Marie")
	caller.WaitMusic("default")
	readyAgent(t, s.app, "alice")
	phone.WaitRinging()
	phone.Answer()
	caller.WaitTalkingTo(phone)
	path := "/calls/" + string(s.connected()) + "/note"

	var note agentdesk.CallNote
	save := map[string]any{"revision": 0, "text": "imprimante", "done": []string{"identity"}, "writer": "tab", "save": 1}
	if err := alice.ask(t.Context(), http.MethodPut, path, save, &note); err != nil || note.Revision != 1 {
		t.Fatalf("saved %+v, %v", note, err)
	}
	s.restart()
	if err := alice.ask(t.Context(), http.MethodGet, path, nil, &note); err != nil || note.Text != "imprimante" || note.Save != 1 {
		t.Errorf("after a restart the note is %+v, %v", note, err)
	}
	save["text"], save["save"] = "imprimante du deuxième", 2
	if err := alice.ask(t.Context(), http.MethodPut, path, save, &note); err != nil || note.Revision != 2 {
		t.Errorf("saved again %+v, %v", note, err)
	}
	call := s.connected()
	pop := s.context(alice, call)
	if pop.Verified != agentdesk.VerifiedByAgent || pop.Script == nil || pop.Note.Text != "imprimante du deuxième" || len(pop.Articles) == 0 {
		t.Errorf("the context is %+v", pop)
	}
	caller.HangUp()
	s.fake.WaitEmpty()
	s.ended(1)
	if _, err := s.app.floor.Ask(t.Context(), "alice", queue.WrapUpDone{Agent: "alice", Call: call, Disposition: "resolved"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.app.notes.Close(t.Context(), call, "alice", nil); err != nil { // tells what waits for a pause in the typing
		t.Fatal(err)
	}
	r := s.recorded(call)
	if len(r.WrapUps) != 1 || r.WrapUps[0].Note != "imprimante du deuxième" || len(r.Notes) != 1 || len(r.Notes[0].Checks) == 0 || !r.Notes[0].Checks[0].Done {
		t.Errorf("the record has wrap-ups %+v and notes %+v", r.WrapUps, r.Notes)
	}
}
