import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { Desk } from "./desk/Desk";
import { useNotReached } from "./desk/useNotReached";
import { Dialogs } from "./frame/Dialogs";
import { keepFocus } from "./frame/keptFocus";
import { Notices } from "./frame/Notices";
import { type Page, usePage } from "./frame/route";
import { SaidLine, sayDone } from "./frame/say";
import { endSession, type Signed, SignedContext } from "./frame/session";
import { followShortcutsOf } from "./frame/shortcuts";
import { TopBar } from "./frame/TopBar";
import { useCatalogue } from "./frame/useCatalogue";
import { useSay } from "./i18n/format";
import { LiveDesk } from "./live/live";
import { tabName } from "./live/tab";
import { LiveContext, useAgent } from "./live/use";
import { PhoneLink } from "./phone/PhoneLink";
import { Softphone } from "./phone/softphone";
import { ask, rest, type Session } from "./rest/client";
import { untilAnswered } from "./rest/untilAnswered";

// What an agent never opens is not part of their first load.
const FloorPage = lazy(() => import("./floor/FloorPage").then((m) => ({ default: m.FloorPage })));
const CallsPage = lazy(() => import("./floor/CallsPage").then((m) => ({ default: m.CallsPage })));
const ReportsPage = lazy(() => import("./reports/ReportsPage"));
const PeoplePage = lazy(() => import("./admin/PeoplePage"));
const AuditPage = lazy(() => import("./admin/AuditPage"));

type Props = { session: Session; signedOut: (ended: boolean) => void };

/** Everything a signed-in person sees, and the two connections behind it. */
export function Console({ session, signedOut }: Props) {
  const desk = useLiveDesk(session, signedOut);
  const catalogue = useCatalogue(desk);
  const { phoneKind, softphone } = useSoftphone(session);

  const signOut = useCallback(() => {
    softphone?.stop();
    desk.stop(); // nothing is told any more, not that the session is over either
    void endSession(() => signedOut(false));
  }, [desk, softphone, signedOut]);
  const signed = useMemo<Signed>(
    () => ({ session, catalogue, phoneKind, softphone, signOut }),
    [session, catalogue, phoneKind, softphone, signOut],
  );
  const pages = pagesOf(session);
  const page = usePage(pages);
  useEffect(() => {
    const root = document.getElementById("root");
    return root ? keepFocus(root) : undefined;
  }, []);

  return (
    <SignedContext value={signed}>
      <LiveContext value={desk}>
        {softphone && <PhoneLink softphone={softphone} agentId={session.agent} />}
        <FollowOffer agentId={session.agent} />
        <Dialogs pages={pages} />
        <TopBar page={page} pages={pages} />
        <Notices />
        <main id="content" tabIndex={-1} className={`content content-${page}`}>
          {page === "desk" && <Desk agentId={session.agent} />}
          <Suspense fallback={<PageComes />}>
            {page === "floor" && <FloorPage />}
            {page === "calls" && <CallsPage />}
            {page === "reports" && <ReportsPage />}
            {page === "people" && <PeoplePage />}
            {page === "audit" && <AuditPage />}
          </Suspense>
        </main>
        <SaidLine />
      </LiveContext>
    </SignedContext>
  );
}

/** An offer brings its person to the desk, whatever page they look at; what became of a call they made is said. */
function FollowOffer({ agentId }: { agentId: string | undefined }) {
  const state = useAgent(agentId)?.state;
  useNotReached(agentId);
  useEffect(() => {
    if (state === "offered") location.hash = "#/desk";
  }, [state]);
  return null;
}

/** Until a page's own code is here. */
function PageComes() {
  const { t } = useSay();
  return (
    <p className="muted" role="status">
      {t("nav.comes")}
    </p>
  );
}

/** An agent has a desk; a supervisor the floor, and a desk too when they take calls; an administrator all. */
function pagesOf(session: Session): Page[] {
  const desk: Page[] = session.agent ? ["desk"] : [];
  if (session.role === "agent") return ["desk"];
  if (session.role === "supervisor") return [...desk, "floor", "calls", "reports"];
  return [...desk, "floor", "calls", "reports", "people", "audit"];
}

function useLiveDesk(session: Session, signedOut: (ended: boolean) => void): LiveDesk {
  const [desk] = useState(() => {
    const url = new URL("/api/v1/live", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return new LiveDesk(url.href, {
      signedOut: () => signedOut(true),
      // A refused websocket does not say why; the session question does.
      refused: () =>
        void ask(rest.GET("/session")).then((answer) => {
          if (!answer.ok && answer.failure.status === 401) signedOut(true);
        }),
      woke: (slept) => sayDone((t) => t("health.woke", { seconds: Math.round(slept / 1_000) })),
    });
  });
  useEffect(() => {
    let left = false;
    // Only an agent's page can have a phone, and needs a name for it.
    const named = session.agent ? tabName() : Promise.resolve(undefined);
    void named.then((tab) => left || desk.start(tab));
    return () => {
      left = true;
      desk.stop();
    };
  }, [desk, session.agent]);
  useEffect(() => followShortcutsOf(session.name), [session.name]);
  return desk;
}

function useSoftphone(session: Session): Pick<Signed, "phoneKind" | "softphone"> {
  const [phone, setPhone] = useState<Pick<Signed, "phoneKind" | "softphone">>(() => ({
    phoneKind: session.agent ? "unknown" : "none",
    softphone: undefined,
  }));
  useEffect(() => {
    if (!session.agent) return;
    let softphone: Softphone | undefined;
    const end = untilAnswered(
      async () => {
        const answer = await ask(rest.GET("/phone"));
        // An agent without a phone is an answer, not a failure.
        return !answer.ok && answer.failure.status === 404
          ? { ok: true as const, data: undefined, status: 404 }
          : answer;
      },
      (given) => {
        softphone = given?.kind === "webrtc" ? new Softphone(given) : undefined;
        softphone?.start();
        setPhone({ phoneKind: given?.kind ?? "none", softphone });
      },
    );
    return () => {
      end();
      softphone?.stop();
    };
  }, [session.agent]);
  return phone;
}
