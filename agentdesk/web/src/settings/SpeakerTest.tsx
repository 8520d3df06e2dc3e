import { useEffect, useRef } from "react";
import { Icon } from "../frame/Icon";
import { useSay } from "../i18n/format";
import { type Device, playOn } from "../phone/devices";

/** Plays two notes on the speaker that is chosen. */
export function SpeakerTest({ device }: { device: Device | undefined }) {
  const { t } = useSay();
  const context = useRef<AudioContext>(undefined);
  useEffect(() => () => void context.current?.close(), []);

  async function play() {
    const sound = new AudioContext();
    void context.current?.close();
    context.current = sound;
    const end = new MediaStreamAudioDestinationNode(sound);
    const player = new Audio();
    player.srcObject = end.stream;
    await playOn(player, device);
    await player.play().catch(() => {});
    for (const [n, frequency] of [523.25, 659.25].entries()) {
      const at = sound.currentTime + 0.05 + n * 0.3;
      const tone = new OscillatorNode(sound, { frequency });
      const gain = new GainNode(sound, { gain: 0.2 });
      tone.connect(gain).connect(end);
      tone.start(at);
      tone.stop(at + 0.25);
    }
  }

  return (
    <div className="device-test">
      <button type="button" className="button" data-testid="speaker-test" onClick={() => void play()}>
        <Icon sign="speaker" />
        {t("sound.trySpeaker")}
      </button>
    </div>
  );
}
