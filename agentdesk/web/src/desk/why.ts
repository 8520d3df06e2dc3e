// The floor's explanation of an offer in the page's language.
import type { Say } from "../i18n/format";
import type { Catalogue, Why } from "../rest/client";

type Words = Pick<Say, "t" | "duration" | "label" | "tongue">;

/** What was found of one agent: why they were chosen for an offer, or passed over. */
export function whyText(say: Words, catalogue: Catalogue | undefined, why: Why): string {
  const duration = say.duration(why.seconds ?? 0);
  switch (why.verdict) {
    case "chosen":
      return say.t("why.longestIdle", { duration });
    case "idle-for-less":
      return say.t("why.shorterIdle", { duration });
    case "not-ready":
      return why.reason
        ? say.t("why.pause", { reason: say.label(catalogue?.reasons, why.reason) })
        : say.t("state.not-ready");
    case "wrap-up":
      return why.seconds ? say.t("why.wrapUp", { duration }) : say.t("state.wrap-up");
    case "offered":
      return say.t("state.offered");
    case "connected":
      return say.t("state.connected");
    case "lacks-language":
      return say.t("why.tongue", { language: say.tongue(why.language ?? "") });
    case "lacks-skill":
      return say.t("why.skill", {
        skill: `${why.skill ?? ""} ${why.have ?? 0} < ${why.need ?? 0}`,
      });
  }
}
