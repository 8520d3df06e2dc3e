import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { Section } from "../frame/dialogs";
import type { Page } from "../frame/route";
import { sayDone } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { PasswordForm } from "../sign/PasswordForm";
import { KeySettings } from "./KeySettings";
import { OwnSessions } from "./OwnSessions";
import { Shell } from "./Shell";
import { SoundSettings } from "./SoundSettings";

type Props = { first: Section; pages: readonly Page[]; close: () => void };

/**
 * What a person sets for themselves. Keys and sound are kept by this browser: keys for each
 * account, sound for whoever uses it.
 */
export default function Settings({ first, pages, close }: Props) {
  const { t } = useSay();
  const { session } = useSigned();
  return (
    <Shell title={t("settings.title")} testid="settings" close={close}>
      <Tabs defaultSelectedKey={first} className="settings">
        <TabList className="settings-tabs" aria-label={t("settings.title")}>
          <Tab id="keys" data-testid="settings-keys">
            {t("keys.title")}
          </Tab>
          <Tab id="sound" data-testid="settings-sound">
            {t("sound.title")}
          </Tab>
          <Tab id="sessions" data-testid="settings-sessions">
            {t("sessions.title")}
          </Tab>
          {session.method === "password" && (
            <Tab id="password" data-testid="settings-password">
              {t("password.word")}
            </Tab>
          )}
        </TabList>
        <TabPanel id="keys">
          <KeySettings pages={pages} />
        </TabPanel>
        <TabPanel id="sound">
          <SoundSettings />
        </TabPanel>
        <TabPanel id="sessions">
          <OwnSessions />
        </TabPanel>
        <TabPanel id="password">
          <PasswordForm name={session.name} done={() => sayDone((t) => t("password.changed"))} />
        </TabPanel>
      </Tabs>
    </Shell>
  );
}
