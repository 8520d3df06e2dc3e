import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import type { Call } from "../rest/client";
import { useNames } from "./useNames";

/** How the call comes from a colleague: asked for advice, asked in, or given on; nothing else otherwise. */
export function FromColleague({ call }: { call: Call }) {
  const { t } = useSay();
  const { session } = useSigned();
  const names = useNames();
  const { advises, offer, transfer } = call;
  const asked = advises ?? offer?.asked_by;
  const given = transfer && transfer.by !== session.agent ? transfer : undefined;
  if (!asked && !given) return null;
  const text = asked
    ? t(advises ? "colleague.consults" : "colleague.asks", { agent: names.agent(asked) })
    : t(given?.consulted ? "colleague.consulted" : "colleague.transferred", {
        agent: given?.name || names.agent(given?.by ?? ""),
      });
  return (
    <p className="colleague" data-testid="from-colleague">
      <Icon sign={asked ? "consult" : "transfer"} />
      {text}
    </p>
  );
}
