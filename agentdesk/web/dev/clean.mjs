// Empties dist but for .gitkeep, which lets the Go package compile without a build.
import { readdir, rm } from "node:fs/promises";

const dist = new URL("../dist/", import.meta.url);
for (const name of await readdir(dist)) {
  if (name !== ".gitkeep") await rm(new URL(name, dist), { recursive: true });
}
