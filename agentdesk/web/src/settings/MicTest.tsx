import { useEffect, useState } from "react";
import { Opener } from "../frame/Opener";
import { useSay } from "../i18n/format";
import type { Device } from "../phone/devices";
import { measure } from "../phone/level";
import { canHear, closeStream, type Mic, openMicrophone } from "../phone/microphone";

/** Under this the microphone gives nothing worth calling a voice. */
const quiet = 15;

/** Shows how loud the microphone is while it is tried, by bar and by word. */
export function MicTest({ device }: { device: Device | undefined }) {
  const { t } = useSay();
  const [trying, setTrying] = useState(false);
  const [mic, setMic] = useState<Mic>("unknown");
  const [level, setLevel] = useState(0);
  const [heard, setHeard] = useState(false);

  useEffect(() => {
    if (!trying) return;
    let over = false;
    let end = () => {};
    setHeard(false);
    void openMicrophone(device).then(({ mic, stream }) => {
      if (over || !stream) {
        closeStream(stream);
        if (!over) setMic(mic);
        return;
      }
      setMic(mic);
      const stop = measure(stream, (now) => {
        setLevel(now);
        if (now >= quiet) setHeard(true);
      });
      end = () => {
        stop();
        closeStream(stream);
      };
    });
    return () => {
      over = true;
      end();
      setLevel(0);
      setMic("unknown");
    };
  }, [trying, device]);

  return (
    <div className="device-test">
      <Opener
        word={t("sound.tryMic")}
        sign="mic"
        open={trying}
        turn={() => setTrying(!trying)}
        testid="mic-test"
      >
        <div className="mic-level">
          <meter
            className="level-meter"
            min={0}
            max={100}
            low={quiet}
            value={level}
            aria-label={t("sound.level")}
            data-testid="mic-level"
          />
          <span className="row-facts" role="status" data-testid="mic-heard" data-heard={heard}>
            {canHear(mic) && t(heard ? "sound.heard" : "sound.speak")}
            {!canHear(mic) && mic !== "unknown" && t(`health.mic.${mic}`)}
          </span>
        </div>
      </Opener>
    </div>
  );
}
