package asterisk

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"time"
)

// The form of a recording of StartTracks, fixed by MixMonitor's option D: signed
// 16-bit samples, little-endian, the agent's and then what the agent hears.
const (
	tracksRate  = 8000 // samples a second and side
	tracksFrame = 4    // bytes of one sample of both sides
	wavHeader   = 44
)

// Tracks opens the file of a recording that is over, for WriteStereo. Its absence is
// an *Error with status 404. Close it.
func (n *Node) Tracks(ctx context.Context, name string) (io.ReadCloser, error) {
	r := request{act: "read recording " + name, method: http.MethodGet, path: path("recordings", "stored", name, "file")}
	req, err := n.httpRequest(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.act, err)
	}
	status, body, err := n.conns.stream(ctx, req)
	if err != nil {
		return nil, &Error{Act: r.act, Err: err}
	}
	if status >= http.StatusMultipleChoices {
		answer, _ := io.ReadAll(io.LimitReader(body, maxReply))
		_ = body.Close()
		return nil, &Error{Act: r.act, Status: status, Message: message(answer)}
	}
	return body, nil
}

// DropTracks deletes the file of a recording from Asterisk's disk. One that is not
// there is dropped.
func (n *Node) DropTracks(ctx context.Context, name string) error {
	return already(n.request(ctx, request{
		act: "drop recording " + name, method: http.MethodDelete, path: path("recordings", "stored", name),
	}, nil), http.StatusNotFound)
}

// Stretch is a part of a talk that was recorded without a pause.
type Stretch struct {
	Pause  time.Duration // the silence before it
	Tracks io.Reader     // what Node.Tracks gave
}

// WriteStereo makes one WAV file (RIFF, 8 kHz, 16 bit) of a talk: whatever the agent
// heard on the left, the agent on the right, and pauses as silence on both. A file cut
// off in mid-sample loses that sample. It gives the length.
func WriteStereo(w io.WriteSeeker, talk ...Stretch) (time.Duration, error) {
	b := bufio.NewWriterSize(w, 64<<10)
	if _, err := b.Write(make([]byte, wavHeader)); err != nil {
		return 0, fmt.Errorf("write stereo: %w", err)
	}
	frames := int64(0)
	for i, s := range talk {
		pause := int64(s.Pause) * tracksRate / int64(time.Second)
		n, err := writeStretch(b, pause, s.Tracks)
		if err != nil {
			return 0, fmt.Errorf("write stereo, stretch %d: %w", i+1, err)
		}
		frames += n
	}
	if err := b.Flush(); err != nil {
		return 0, fmt.Errorf("write stereo: %w", err)
	}
	if _, err := w.Seek(0, io.SeekStart); err != nil {
		return 0, fmt.Errorf("write stereo: %w", err)
	}
	if _, err := w.Write(wav(frames)); err != nil {
		return 0, fmt.Errorf("write stereo: %w", err)
	}
	return time.Duration(frames) * time.Second / tracksRate, nil
}

// writeStretch writes a pause and what follows it, sides swapped, and counts samples.
func writeStretch(w *bufio.Writer, pause int64, from io.Reader) (frames int64, err error) {
	for range max(0, pause) {
		if _, err := w.Write([]byte{0, 0, 0, 0}); err != nil {
			return 0, err
		}
	}
	frames = max(0, pause)
	in := bufio.NewReaderSize(from, 64<<10)
	var f [tracksFrame]byte
	for {
		switch _, err := io.ReadFull(in, f[:]); err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return frames, nil
		default:
			return 0, err
		}
		if _, err := w.Write([]byte{f[2], f[3], f[0], f[1]}); err != nil {
			return 0, err
		}
		frames++
	}
}

// wav is the header of so many samples of two sides.
func wav(frames int64) []byte {
	h := make([]byte, 0, wavHeader)
	size := uint32(frames * tracksFrame)
	h = append(h, "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, wavHeader-8+size)
	h = append(h, "WAVEfmt "...)
	for _, v := range []any{
		uint32(16), uint16(1), uint16(2), uint32(tracksRate), uint32(tracksRate * tracksFrame), uint16(tracksFrame), uint16(16),
	} {
		h, _ = binary.Append(h, binary.LittleEndian, v)
	}
	h = append(h, "data"...)
	return binary.LittleEndian.AppendUint32(h, size)
}
