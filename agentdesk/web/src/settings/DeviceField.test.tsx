import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, expect, it } from "vitest";
import { startWords } from "../i18n";
import { DeviceField } from "./DeviceField";

const bell = { id: "bell", label: "Sonnette" };
const built = { id: "built-in", label: "Haut-parleurs" };

function options(chosen: typeof bell | undefined, among: (typeof bell)[]) {
  const place = document.createElement("div");
  place.innerHTML = renderToStaticMarkup(
    <DeviceField name="ringer" chosen={chosen} among={among} choose={() => {}} />,
  );
  return [...place.querySelectorAll("option")];
}

beforeAll(() => startWords("fr"));

it("says that the device chosen is not plugged in, and that it is still the one chosen", () => {
  const away = options(bell, [built]).at(-1);
  expect(away?.textContent).toBe("Sonnette (débranché)");
  expect(away?.hasAttribute("selected")).toBe(true);
  expect(away?.disabled).toBe(true);
});

it("says nothing of one that is there", () => {
  const all = options(bell, [built, bell]).map((one) => one.textContent);
  expect(all).toEqual([expect.any(String), "Haut-parleurs", "Sonnette"]);
});
