// What axe finds wrong with a page: WCAG 2.2 AA, and its own best practices.
import { AxeBuilder } from "@axe-core/playwright";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Each rule that is broken, with the selector of every element that breaks it. */
export async function violations(page) {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .withTags(tags)
    .setLegacyMode() // no frames: the whole of it in the page itself
    .analyze();
  return violations.map(({ id, nodes }) => ({
    rule: id,
    at: nodes.map(({ target }) => target.join(" ")).join(", "),
  }));
}
