package e2e

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// pagesVoice is the pitch of every page's microphone: no phone's, and no overtone of
// theirs.
const pagesVoice = 1200

// humAndHush is a WAV file for a page's microphone to play again and again: a hum of
// four tenths of a second, and as much of nothing. (A hum without a pause would be taken
// for noise, which browsers take away.)
func humAndHush() []byte {
	const rate = 48_000
	const hum, edge = rate * 4 / 10, rate / 50
	samples := make([]int16, 2*hum)
	for i := range hum {
		soft := min(1, float64(min(i, hum-i))/edge) // without a click
		samples[i] = int16(soft * 6000 * math.Sin(2*math.Pi*pagesVoice*float64(i)/rate))
	}
	var data, wav bytes.Buffer
	_ = binary.Write(&data, binary.LittleEndian, samples)
	head := struct {
		Riff       [4]byte
		Size       uint32
		Wave, Fmt  [4]byte
		FmtSize    uint32
		PCM, Sides uint16
		Rate, Each uint32
		Align, Bit uint16
		Data       [4]byte
		DataSize   uint32
	}{
		[4]byte([]byte("RIFF")), uint32(36 + data.Len()), [4]byte([]byte("WAVE")), [4]byte([]byte("fmt ")),
		16, 1, 1, rate, 2 * rate, 2, 16, [4]byte([]byte("data")), uint32(data.Len()),
	}
	_ = binary.Write(&wav, binary.LittleEndian, head)
	wav.Write(data.Bytes())
	return wav.Bytes()
}

// pageEar listens to whom the page hears, and gives how loud each pitch is, in decibels:
// what cannot be told from silence is -200.
const pageEar = `(async (pitches) => {
	const [{ track }] = window.linekeeperPeer.getReceivers();
	let ear = window.e2e.ear;
	if (ear?.track !== track) {
		const context = new AudioContext();
		ear = window.e2e.ear = { track, context, node: context.createAnalyser() };
		Object.assign(ear.node, { fftSize: 8192, smoothingTimeConstant: 0 });
		context.createMediaStreamSource(new MediaStream([track])).connect(ear.node);
	}
	await ear.context.resume();
	const loud = new Float32Array(ear.node.frequencyBinCount);
	ear.node.getFloatFrequencyData(loud);
	const bin = (pitch) => Math.round((pitch * ear.node.fftSize) / ear.context.sampleRate);
	return pitches.map((pitch) => Math.max(-200, ...loud.subarray(bin(pitch) - 1, bin(pitch) + 2)));
})([%d, %d])`

// hearsPitch waits until the page hears one pitch clearly, and another not at all.
func (p *page) hearsPitch(pitch, not int) {
	p.t.Helper()
	const heard, unheard = -50, -70 // dB; the phones hum at -24
	until(p.t, fmt.Sprintf("%s hears %d Hz and not %d Hz", p.name, pitch, not), patient, func() error {
		loud := evaluate[[]float64](p, fmt.Sprintf(pageEar, pitch, not))
		if loud[0] < heard || loud[1] > unheard {
			return fmt.Errorf("%.0f dB and %.0f dB", loud[0], loud[1])
		}
		return nil
	})
}

// hearsMusic waits until the page hears something in which a pitch is not, though
// somebody hums it all the time.
func (p *page) hearsMusic(not int) {
	p.t.Helper()
	const unheard, some = -55, 1e-5 // dB; of energy: music is soft
	from := evaluate[audio](p, audioNow)
	until(p.t, fmt.Sprintf("%s hears something, and not %d Hz", p.name, not), patient, func() error {
		loud := evaluate[[]float64](p, fmt.Sprintf(pageEar, not, not))
		now := evaluate[audio](p, audioNow)
		if loud[0] > unheard || now.InEnergy-from.InEnergy < some {
			return fmt.Errorf("%.0f dB, %g of energy", loud[0], now.InEnergy-from.InEnergy)
		}
		return nil
	})
}

// hearsNothing waits until the page has got half a second that is all silence.
func (p *page) hearsNothing(pitches [2]int) {
	p.t.Helper()
	const silence, half = -90, 25 // dB, packets
	from := evaluate[audio](p, audioNow)
	until(p.t, p.name+" hears nothing", patient, func() error {
		loud := evaluate[[]float64](p, fmt.Sprintf(pageEar, pitches[0], pitches[1]))
		now := evaluate[audio](p, audioNow)
		if loud[0] > silence || loud[1] > silence || now.InEnergy > from.InEnergy+1e-6 {
			from = now
			return fmt.Errorf("%.0f dB", loud)
		}
		if now.In-from.In < half {
			return errors.New("not for long enough")
		}
		return nil
	})
}

// pageVoice has the page speak in a tone instead of its microphone, and with it again.
const pageVoice = `(async (pitch) => {
	const [sender] = window.linekeeperPeer.getSenders();
	const own = (window.e2e.own ??= sender.track);
	if (!pitch) return sender.replaceTrack(own);
	const context = new AudioContext();
	const [tone, soft, end] = [context.createOscillator(), context.createGain(), context.createMediaStreamDestination()];
	tone.frequency.value = pitch;
	soft.gain.value = 0.2;
	tone.connect(soft).connect(end);
	tone.start();
	await context.resume();
	await sender.replaceTrack(end.stream.getAudioTracks()[0]);
})(%d)`

// speaksAt has the page be heard at another pitch, or at its own again by 0.
func (p *page) speaksAt(pitch int) {
	p.t.Helper()
	evaluate[any](p, fmt.Sprintf(pageVoice, pitch))
}
