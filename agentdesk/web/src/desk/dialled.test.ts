import { expect, it } from "vitest";
import { dialledAs, keysOf, mayBeNumber } from "./dialled";

it.each([
  ["01 99 00 10 01", "+33199001001"],
  ["0199001001", "+33199001001"],
  ["01.99.00.10.01", "+33199001001"],
  ["01-99-00/10 01", "+33199001001"],
  ["+33 (0)1 99 00 10 01", "+33199001001"],
  ["0033 1 99 00 10 01", "+33199001001"],
  ["00330199001001", "+33199001001"],
  ["tel:+33-1-99-00-10-01", "+33199001001"],
  ["sip:+33199001001@exemple.fr", "+33199001001"],
  ["\u202a+33\u00a01\u202f99 00 10 01\u202c", "+33199001001"],
  ["+44 20 7946 0000", "+442079460000"],
  ["112", "112"],
  ["3949", "3949"],
])("in France %j is dialled as %s", (typed, number) => {
  expect(dialledAs(typed, "FR")).toBe(number);
});

it.each(["", "   ", "Marie", "01 99 00 10 0A", "+", "1+2", "0".repeat(23), "<b>1</b>"])(
  "%j is no number",
  (typed) => {
    expect(dialledAs(typed, "FR")).toBeUndefined();
  },
);

it("leaves to the server what only another country's plan can tell", () => {
  expect(dialledAs("02 123 45 67", "BE")).toBe("021234567");
  expect(dialledAs("0199001001", undefined)).toBe("0199001001");
  expect(dialledAs("+32 2 123 45 67", "BE")).toBe("+3221234567");
});

it("knows digits from a number still being typed", () => {
  expect(keysOf("+33 1")).toBe("+331");
  expect(mayBeNumber(keysOf("+3"))).toBe(false);
  expect(mayBeNumber(keysOf("15"))).toBe(true);
  expect(mayBeNumber(undefined)).toBe(false);
});
