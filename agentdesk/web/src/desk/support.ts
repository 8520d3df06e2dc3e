// Remote-support tools: whether a code is one of a tool, and what may be done
// with it. Pure; the server judges the same once more.
import type { SupportTool } from "../rest/client";

export type SupportHow = "open" | "send" | "read";

/** Blanks in a code are of no meaning: people read digits in groups. */
export const squeezed = (code: string): string => code.replace(/\s/g, "");

/** Whether a code looks like one of the tool; a pattern this browser cannot read is the server's to judge. */
export function codeFits(tool: SupportTool, code: string): boolean {
  const text = squeezed(code);
  if (!tool.code) return text === "";
  if (text === "") return false;
  try {
    return new RegExp(`^(?:${tool.code.pattern})$`, "u").test(text);
  } catch {
    return true;
  }
}

/** Only digits are read out, and only of tools that allow it. */
export const readable = (tool: SupportTool, code: string): boolean =>
  tool.read && /^\d+$/.test(squeezed(code));

/** Schemes that would run in the page or read this machine. */
const unsafe = /^(?:javascript|data|blob|vbscript|file|filesystem|about|view-source):/i;

/** A link that may be opened: absolute, and handled by another page or program. */
export function openable(link: string): boolean {
  try {
    return !unsafe.test(new URL(link).protocol);
  } catch {
    return false;
  }
}
