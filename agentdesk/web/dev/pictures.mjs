// The reference pictures: which there are to be, and the page that shows them all.
import { readdir, readFile } from "node:fs/promises";
import { views } from "./views.mjs";

export const wide = { width: 1280, height: 720 };
export const narrow = { width: 360, height: 800 };

/** Each language and each theme, wide and narrow. */
export const looks = [
  { name: "fr-light", language: "fr", colorScheme: "light", viewport: wide },
  { name: "en-dark", language: "en", colorScheme: "dark", viewport: wide },
  { name: "fr-narrow-dark", language: "fr", colorScheme: "dark", viewport: narrow },
  { name: "en-narrow", language: "en", colorScheme: "light", viewport: narrow },
];

export const folder = new URL("../pictures/", import.meta.url);
const inNarrow = ["offered", "consult", "wrap-up", "floor", "line", "settings-sound"];

/** Whether the picture of a view in a look is kept. */
export const kept = (view, look) => look.viewport === wide || inNarrow.includes(view.name);

/** The name of a picture, without its ending. */
export const nameOf = (view, look) => `${view.name}.${look.name}`;

const namesOf = (view) =>
  looks
    .filter((look) => kept(view, look))
    .map((look) => nameOf(view, look))
    .sort();

/** The page that shows them all. */
export function listing() {
  const sorted = views.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const shown = sorted.map(
    (view) =>
      `## ${view.name}\n\n${namesOf(view)
        .map((name) => `![${name}](${name}.webp)`)
        .join("\n")}\n`,
  );
  return head + shown.join("\n");
}

const head = `# The console, view by view

Each view twice, so that each language and each theme of it is here: French by light and
English by dark, at 1280×720; ${inNarrow.length} of them also at 360 px, French by dark and English by light.
\`npm run pictures\` takes them on the development mock. \`npm run shots\` takes every view in all
four looks and keeps none.

`;

/** Views without a picture, pictures without a view, and a page that shows others. */
export async function unlike() {
  const there = (await readdir(folder)).filter((name) => name !== "README.md");
  const wanted = views.flatMap(namesOf).map((name) => `${name}.webp`);
  const page = await readFile(new URL("README.md", folder), "utf8");
  return [
    ...wanted.filter((name) => !there.includes(name)).map((name) => `pictures/${name} is not there`),
    ...there.filter((name) => !wanted.includes(name)).map((name) => `pictures/${name} is of no view`),
    ...(page === listing() ? [] : ["pictures/README.md does not list the views there are"]),
  ];
}
