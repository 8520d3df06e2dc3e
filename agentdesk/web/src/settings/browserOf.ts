/** Names in User-Agent lines, those first that others pretend to be. */
const browsers = { Edg: "Edge", OPR: "Opera", Firefox: "Firefox", Chrome: "Chrome", Version: "Safari" };
const systems = {
  Windows: "Windows",
  Android: "Android",
  "iPhone|iPad": "iOS",
  "Mac OS X": "macOS",
  Linux: "Linux",
};

/** Browser and system by the names browsers give themselves; their own line, cut short, when none is known. */
export function browserOf(client: string): string {
  const browser = Object.entries(browsers).flatMap(([mark, name]) => {
    const version = new RegExp(`\\b${mark}/(\\d+)`).exec(client)?.[1];
    return version ? [`${name} ${version}`] : [];
  })[0];
  const system = Object.entries(systems).find(([mark]) => new RegExp(mark).test(client))?.[1];
  return [browser, system].filter(Boolean).join(", ") || client.slice(0, 60);
}
