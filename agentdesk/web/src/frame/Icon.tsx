// The console's signs, drawn for it on a 20 px grid with one stroke. Always
// beside a word or inside a named button, so never read aloud themselves.
import type { AgentState } from "../rest/client";

const signs = {
  check: "M4 10.5 8.2 15 16 5.5",
  pause: "M7 4.5v11M13 4.5v11",
  bell: "M5 14h10l-1.2-2V9a3.8 3.8 0 0 0-7.6 0v3L5 14Zm3.5 2.5h3",
  phone: "M4 4.5 7 3.6l1.7 3.6-1.8 1.5a9 9 0 0 0 4.4 4.4l1.5-1.8 3.6 1.7-.9 3c-6 1.1-12.6-5.5-11.5-11.5Z",
  "phone-off":
    "M4 4.5 7 3.6l1.7 3.6-1.8 1.5a9 9 0 0 0 4.4 4.4l1.5-1.8 3.6 1.7-.9 3c-6 1.1-12.6-5.5-11.5-11.5ZM16.5 3.5l-13 13",
  "desk-phone":
    "M3 8V6.500C3 5 5.800 4 10 4s7 1 7 2.500V8h-3.500V6.500h-7V8H3ZM5 9.500h10L16.500 16h-13L5 9.500ZM8.500 12.800h.1M11.500 12.800h.1",
  "desk-phone-off":
    "M3 8V6.500C3 5 5.800 4 10 4s7 1 7 2.500V8h-3.500V6.500h-7V8H3ZM5 9.500h10L16.500 16h-13L5 9.500ZM17.500 2.500l-15 15",
  callback:
    "M4 4.5 7 3.6l1.7 3.6-1.8 1.5a9 9 0 0 0 4.4 4.4l1.5-1.8 3.6 1.7-.9 3c-6 1.1-12.6-5.5-11.5-11.5ZM17 3l-4.8 4.8M12.2 4.2v3.6h3.6",
  up: "M10 16V4.5M5 9l5-5 5 5",
  hangup: "M2.5 12.2c4-4.3 11-4.3 15 0l-2 2.3-3-1.5v-2.1a8.5 8.5 0 0 0-5 0V13l-3 1.5-2-2.3Z",
  pencil: "M4 16l.8-3.4 8.4-8.4 2.6 2.6-8.4 8.4L4 16Z",
  off: "M10 3.5v6M6 5.8a6 6 0 1 0 8 0",
  mic: "M10 3a2.3 2.3 0 0 1 2.3 2.3v4a2.3 2.3 0 0 1-4.6 0v-4A2.3 2.3 0 0 1 10 3ZM5.5 9.5a4.5 4.5 0 0 0 9 0M10 14v3",
  "mic-off":
    "M10 3a2.3 2.3 0 0 1 2.3 2.3v4a2.3 2.3 0 0 1-4.6 0v-4A2.3 2.3 0 0 1 10 3ZM5.5 9.5a4.5 4.5 0 0 0 9 0M10 14v3M3.5 3.5l13 13",
  wave: "M2.5 10h3l2-5 3.5 10 2.5-7 1.5 2h2.5",
  alert: "M10 3 17.5 16.5h-15L10 3Zm0 5v4m0 2.2v.1",
  ticket: "M3 6h14v2.6a1.5 1.5 0 0 0 0 2.8V14H3v-2.6a1.5 1.5 0 0 0 0-2.8V6Zm8.5 0v8",
  history: "M4 6.5A7 7 0 1 1 3 10M4 3v3.5h3.5M10 6.5V10l2.5 1.5",
  star: "m10 3 2.1 4.6 5 .6-3.7 3.4 1 5-4.4-2.5-4.4 2.5 1-5L2.9 8.2l5-.6L10 3Z",
  globe: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM3 10h14M10 3c2.7 2 2.7 12 0 14-2.7-2-2.7-12 0-14Z",
  keypad: "M5 5h.1M10 5h.1M15 5h.1M5 10h.1M10 10h.1M15 10h.1M5 15h.1M10 15h.1M15 15h.1",
  leave: "M8 4H4v12h4M9 10h8m-3-3 3 3-3 3",
  in: "M15 5 5.5 14.500M5.500 8v6.500H12",
  out: "M5 15l9.500-9.500M8 5.500h6.500V12",
  away: "M9 5H5v10h10v-4M11.5 4H16v4.5M16 4l-6.5 6.5",
  close: "m5 5 10 10M15 5 5 15",
  chevron: "m6 8 4 4 4-4",
  place:
    "M10 17s-5-4.6-5-8.5a5 5 0 0 1 10 0C15 12.4 10 17 10 17Zm0-6.7a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z",
  speaker: "M3.5 8v4h3l4 3.5v-11l-4 3.5h-3Zm10-.5a3.5 3.5 0 0 1 0 5M15.5 5.2a6.8 6.8 0 0 1 0 9.6",
  gear: "M10 12.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM10 2.5v2.2M10 15.3v2.2M2.5 10h2.2M15.3 10h2.2M4.7 4.7l1.6 1.6M13.7 13.7l1.6 1.6M4.7 15.3l1.6-1.6M13.7 6.3l1.6-1.6",
  keyboard: "M2.5 5.5h15v9h-15v-9ZM5.5 8.5h.1M8.5 8.5h.1M11.5 8.5h.1M14.5 8.5h.1M6.5 11.5h7",
  transfer: "M3 7h12m-3.5-3.5L15 7l-3.5 3.5M17 13H5m3.5-3.5L5 13l3.5 3.5",
  consult: "M3 4.5h10v7H8l-3 2.5v-2.5H3v-7ZM15 7.5h2v6h-2V16l-2.5-2.5H9.5",
  conference:
    "M7 9a2.2 2.2 0 1 0 0-4.4A2.2 2.2 0 0 0 7 9Zm6.5 0a1.8 1.8 0 1 0 0-3.6M2.5 15.5c0-2.6 2-4.2 4.5-4.2s4.5 1.6 4.5 4.2M13.5 11.3c2.2 0 4 1.4 4 4.2",
  record: "M10 16.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm0-4a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  book: "M10 5.2C8.3 4 5.8 3.7 3 4v11.2c2.8-.3 5.3 0 7 1.3 1.7-1.3 4.2-1.6 7-1.300V4c-2.8-.3-5.3 0-7 1.200Zm0 0v11.3",
  list: "M3.5 5.5 4.5 6.5 6.5 4.500M9 5.500h8M3.5 10.5 4.5 11.5 6.5 9.500M9 10.500h8M4 15.500h1.500M9 15.500h8",
  later:
    "M17 8.500V5H3v12h6.500M3 8.500h14M7 3v3.500M13 3v3.500M14.500 11a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7Zm0 1.700v1.900l1.200.8",
  line: "M9 10h8.500M12.5 10h.1M16.5 10h.1M8.7 10a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0Z",
  shield: "M10 2.7 16 5v4.500c0 3.8-2.5 6.5-6 7.8-3.5-1.3-6-4-6-7.800V5l6-2.300Zm-2.7 7 2 2 3.5-3.7",
  screen: "M2.5 4h15v9.500h-15V4ZM7 16.500h6M10 13.500v3",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm0 3.5V10l2.5 2",
} as const;

export type Sign = keyof typeof signs;

export function Icon({ sign, large }: { sign: Sign; large?: boolean }) {
  const bold = sign === "keypad" || sign === "check" || sign === "pause";
  return (
    <svg
      className={large ? "icon icon-large" : "icon"}
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
    >
      <path d={signs[sign]} strokeWidth={bold ? 2.4 : 1.6} />
    </svg>
  );
}

export const signOfState: Record<AgentState, Sign> = {
  offline: "off",
  ready: "check",
  "not-ready": "pause",
  offered: "bell",
  connected: "phone",
  "wrap-up": "pencil",
};
