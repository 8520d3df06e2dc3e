import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { choosesOutput, rings, setDevices, useDevices } from "../phone/devices";
import { DeviceField } from "./DeviceField";
import { MicTest } from "./MicTest";
import { NotifySettings } from "./NotifySettings";
import { SpeakerTest } from "./SpeakerTest";
import { usePlugged } from "./usePlugged";

/** Microphone, speaker and ringer, each to be tried; how it rings; notifications. */
export function SoundSettings() {
  const { t } = useSay();
  const { softphone } = useSigned();
  const devices = useDevices();
  const plugged = usePlugged();
  return (
    <div className="sound-settings">
      <p className="muted">{t("sound.lead")}</p>
      {softphone && (
        <>
          <DeviceField
            name="mic"
            chosen={devices.mic}
            among={plugged.mics}
            choose={(mic) => setDevices({ mic })}
          >
            <MicTest device={devices.mic} />
          </DeviceField>
          {choosesOutput() ? (
            <>
              <DeviceField
                name="speaker"
                chosen={devices.speaker}
                among={plugged.speakers}
                choose={(speaker) => setDevices({ speaker })}
              >
                <SpeakerTest device={devices.speaker} />
              </DeviceField>
              <DeviceField
                name="ringer"
                chosen={devices.ringer}
                among={plugged.speakers}
                choose={(ringer) => setDevices({ ringer })}
              />
            </>
          ) : (
            <p className="muted">{t("sound.noOutput")}</p>
          )}
          <div className="ring-choice">
            <label className="field">
              <span>{t("sound.ring")}</span>
              <select
                value={devices.ring}
                data-testid="ring-sound"
                onChange={(event) =>
                  setDevices({ ring: rings.find((one) => one === event.target.value) ?? "chime" })
                }
              >
                {rings.map((ring) => (
                  <option key={ring} value={ring}>
                    {t(`sound.rings.${ring}`)}
                  </option>
                ))}
              </select>
            </label>
            <label className="field">
              <span>{t("sound.volume", { volume: devices.volume })}</span>
              <input
                type="range"
                min={0}
                max={100}
                step={5}
                value={devices.volume}
                data-testid="ring-volume"
                onChange={(event) => setDevices({ volume: Number(event.target.value) })}
              />
            </label>
            <button
              type="button"
              className="button"
              data-testid="ring-test"
              onClick={() => softphone.ringOnce()}
            >
              <Icon sign="bell" />
              {t("sound.tryRing")}
            </button>
          </div>
        </>
      )}
      <NotifySettings />
    </div>
  );
}
