import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";

/** Queues as people read them: by name, a group as it is given, @GROUP. */
export function useQueueNames(): (ids: readonly string[]) => string {
  const { label } = useSay();
  const { catalogue } = useSigned();
  return (ids) => ids.map((id) => (id.startsWith("@") ? id : label(catalogue?.queues, id))).join(", ");
}
