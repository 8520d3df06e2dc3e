import { useCallback, useEffect, useState } from "react";
import { Console } from "./Console";
import { endSession } from "./frame/session";
import { speak } from "./i18n";
import { useSay } from "./i18n/format";
import { ask, rest, type Session } from "./rest/client";
import { MustChange } from "./sign/MustChange";
import { SignIn } from "./sign/SignIn";

type Stage =
  | { at: "starting" }
  | { at: "signed-out"; ended: boolean; down: boolean }
  | { at: "signed-in"; session: Session };

/** Decides between the sign-in page and the console. */
export function App() {
  const [stage, setStage] = useState<Stage>({ at: "starting" });
  const { t } = useSay();

  const signedIn = useCallback((session: Session) => {
    speak(session.language);
    setStage({ at: "signed-in", session });
  }, []);
  const signedOut = useCallback((ended: boolean) => setStage({ at: "signed-out", ended, down: false }), []);

  const askWho = useCallback(() => {
    void ask(rest.GET("/session")).then((answer) => {
      if (answer.ok) signedIn(answer.data);
      else setStage({ at: "signed-out", ended: false, down: answer.failure.status !== 401 });
    });
  }, [signedIn]);
  useEffect(askWho, [askWho]);

  if (stage.at === "starting")
    return (
      <p className="starting" role="status">
        {t("sign.starting")}
      </p>
    );
  if (stage.at === "signed-out") return <SignIn ended={stage.ended} down={stage.down} signedIn={signedIn} />;
  if (stage.session.must_change_password)
    return (
      <MustChange
        session={stage.session}
        changed={askWho}
        signOut={() => void endSession(() => signedOut(false))}
      />
    );
  return <Console key={stage.session.name} session={stage.session} signedOut={signedOut} />;
}
