// How loud a microphone is, for its test: a number many times a second.

/** Loudness of samples between -1 and 1, as 0 (silence, -60 dB and less) to 100 (full). */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms === 0) return 0;
  return Math.round(Math.min(100, Math.max(0, ((20 * Math.log10(rms) + 60) / 60) * 100)));
}

/** Measures a stream each frame until ended. The stream stays the caller's. */
export function measure(stream: MediaStream, heard: (level: number) => void): () => void {
  const context = new AudioContext();
  const ear = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0.5 });
  new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  let frame = requestAnimationFrame(function look() {
    ear.getFloatTimeDomainData(samples);
    heard(loudness(samples));
    frame = requestAnimationFrame(look);
  });
  return () => {
    cancelAnimationFrame(frame);
    void context.close();
  };
}
