import { lazy, Suspense } from "react";
import { Opener } from "../frame/Opener";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import type { Call } from "../rest/client";
import { RecordingControl } from "./RecordingControl";

// Seldom opened, so not part of the first load.
const SupportPanel = lazy(() => import("./SupportPanel"));

type Props = { call: Call; support: boolean; show: () => void };

/** Beside the controls of a talk: whether it is recorded, and remote support, whose panel `show` opens and shuts. */
export function Aids({ call, support, show }: Props) {
  const { t } = useSay();
  const { session, catalogue } = useSigned();
  const own = call.agent === session.agent && !call.phone_lost_since;
  const tools = own && (catalogue?.support ?? []).length > 0;
  return (
    <div className="aids">
      <RecordingControl call={call} />
      {tools && (
        <Opener
          shortcut="support"
          word={t("support.word")}
          sign="screen"
          open={support}
          turn={show}
          testid="support"
        >
          <Suspense>
            <SupportPanel call={call} close={show} />
          </Suspense>
        </Opener>
      )}
    </div>
  );
}
