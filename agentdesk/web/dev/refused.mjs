// The page of single sign-on for who is not let in, made of what the controller makes it of
// (agentdesk/api): its template, its style and its words.
import { readFile } from "node:fs/promises";

const read = (name) => readFile(new URL(`../../api/${name}`, import.meta.url), "utf8");
const [template, style, go] = await Promise.all(["refused.html", "refused.css", "refused.go"].map(read));

/** What, why and what to do, in French and in English: the first words after the reason's name. */
function wordsOf(reason) {
  const quoted = go.slice(go.indexOf(`sso.${reason}: {`)).match(/"(\\.|[^"\\])*"/g);
  const [Title, Why, Do, ...en] = quoted.slice(0, 6).map((one) => JSON.parse(one));
  return { FR: { Title, Why, Do }, EN: { Title: en[0], Why: en[1], Do: en[2] } };
}

/** Zoe, who is known to the issuer and has no account here. */
function page() {
  const words = wordsOf("NoAccount");
  const values = { Reason: "no-account", At: new Date().toISOString().replace(/\.\d+/, "") };
  return template
    .replace(/{{with \.Account}}(.*?){{end}}/g, (_, inner) => inner.replace("{{.}}", "zoe"))
    .replace(/{{\.(FR|EN)\.(\w+)}}/g, (_, language, word) => words[language][word])
    .replace(/{{\.(\w+)}}/g, (_, name) => values[name]);
}

/** What is there under /sign-in/: the issuer lets nobody in. */
export const refused = (path) =>
  path === "/sign-in/page.css"
    ? { status: 200, raw: style, type: "text/css; charset=utf-8" }
    : { status: 403, raw: page(), type: "text/html; charset=utf-8" };
