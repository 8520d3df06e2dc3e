package asteriskfake

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

type playback struct {
	id, language, state string
	media               []string
	at                  int // which media plays
	failed              bool
	channel             *channel
}

func (p *playback) view() wirePlayback {
	v := wirePlayback{
		ID: p.id, MediaURI: p.media[p.at], Language: p.language, State: p.state,
		TargetURI: "channel:" + p.channel.ID,
	}
	if p.at+1 < len(p.media) {
		v.NextMedia = p.media[p.at+1]
	}
	return v
}

// play queues a playback. Asterisk takes an ID twice.
func (s *Server) play(r *asked, ch *channel) (int, any) {
	p := &playback{id: r.PathValue("playback"), media: r.list("media"), state: "queued", channel: ch}
	if p.language = r.text("lang"); p.language == "" {
		p.language = ch.Language
	}
	s.playbacks[p.id] = p
	ch.queue = append(ch.queue, p)
	queued := p.view()
	if len(ch.queue) == 1 {
		s.startMedia(p)
	}
	return http.StatusCreated, queued
}

// startMedia plays the present media. One of an unknown scheme is never told
// to end, as in Asterisk, and what is queued behind it goes on.
func (s *Server) startMedia(p *playback) {
	p.state = "playing"
	s.send("PlaybackStarted", fields{"playback": p.view()})
	scheme, _, _ := strings.Cut(p.media[p.at], ":")
	lasts := s.playTime
	switch {
	case !slices.Contains([]string{"sound", "recording", "number", "digits", "characters", "tone"}, scheme):
		s.dequeue(p)
		return
	case s.missing[p.media[p.at]]:
		p.failed, lasts = true, 0
	default:
		p.failed = false
	}
	p.channel.playing = time.AfterFunc(lasts, func() { s.endMedia(p) })
}

func (s *Server) endMedia(p *playback) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.playbacks[p.id] != p || s.channels[p.channel.ID] != p.channel {
		return
	}
	if p.at+1 < len(p.media) {
		p.state = "continuing"
		s.send("PlaybackContinuing", fields{"playback": p.view()})
		p.at++
		s.startMedia(p)
	} else {
		s.finish(p, p.failed)
	}
	s.touch()
}

func (s *Server) finish(p *playback, failed bool) {
	p.state = "done"
	if failed {
		p.state = "failed"
	}
	s.send("PlaybackFinished", fields{"playback": p.view()})
	s.dequeue(p)
}

// dequeue removes a playback and starts the next one.
func (s *Server) dequeue(p *playback) {
	ch := p.channel
	delete(s.playbacks, p.id)
	wasFirst := len(ch.queue) > 0 && ch.queue[0] == p
	ch.queue = slices.DeleteFunc(ch.queue, func(q *playback) bool { return q == p })
	if wasFirst && len(ch.queue) > 0 && s.channels[ch.ID] == ch && ch.stasis {
		s.startMedia(ch.queue[0])
	}
	s.startTape(ch)
}

func (s *Server) getPlayback(r *asked) (int, any) {
	if p := s.playbacks[r.PathValue("playback")]; p != nil {
		return http.StatusOK, p.view()
	}
	return http.StatusNotFound, says("Playback not found")
}

// stopPlayback ends one; a stopped playback is done, not failed.
func (s *Server) stopPlayback(r *asked) (int, any) {
	p := s.playbacks[r.PathValue("playback")]
	if p == nil {
		return http.StatusNotFound, says("Playback not found")
	}
	if p.channel.playing != nil && p.channel.queue[0] == p {
		p.channel.playing.Stop()
	}
	s.finish(p, false)
	return http.StatusNoContent, nil
}

// failPlaybacks is what a hang-up does to them, before StasisEnd.
func (s *Server) failPlaybacks(ch *channel) {
	queue := ch.queue
	ch.queue = nil
	for _, p := range queue {
		s.finish(p, true)
	}
}
