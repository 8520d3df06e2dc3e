// What a browser loads before the console can be used, compressed as it is
// served: the page, its style, its script and what that imports at once. Part
// of `npm run build`: fails above the budget. The softphone, the settings and
// the supervisors' pages come later, each when needed, and do not count.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const budget = 300_000; // bytes
const dist = new URL("../dist/", import.meta.url);
const size = async (name) => gzipSync(await readFile(new URL(name, dist)), { level: 9 }).length;

const page = await readFile(new URL("index.html", dist), "utf8");
const names = new Set(["index.html"]);
for (const [, name] of page.matchAll(/(?:src|href)="\/([^"]+)"/g)) await add(name);

/** Adds a file and what it imports by `import … from` (not what it asks for later, by `import()`). */
async function add(name) {
  if (names.has(name)) return;
  names.add(name);
  if (!name.endsWith(".js")) return;
  const text = await readFile(new URL(name, dist), "utf8");
  for (const [, other] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) await add(`assets/${other}`);
}

let sum = 0;
for (const name of names) sum += await size(name);
const says = `first load: ${(sum / 1000).toFixed(1)} kB gzip in ${names.size} files, budget ${budget / 1000} kB`;
if (sum > budget) {
  console.error(`${says}: too much\n${[...names].join("\n")}`);
  process.exitCode = 1;
} else console.log(says);
const softphone = [...names].find((name) => /JsSIP/i.test(name));
if (softphone) {
  console.error(`the softphone is part of the first load: ${softphone}`);
  process.exitCode = 1;
}
