// The mock's call in hand: its recording, mute, lost phone and remote support,
// and what the catalogue says of them.
const label = (id, fr, en) => ({ id, fr, en });
const tool = (id, name, code, pattern) => ({
  ...label(id, name, name),
  read: true,
  code: { ...code, pattern },
});

export const catalogueOfHand = {
  recorded: { "support-n1": "asked", "support-n2": "always" },
  rejections: [
    label("busy", "Occupé sur un ticket", "Busy with a ticket"),
    label("not-mine", "Pas mon domaine", "Not my field"),
    label("break-due", "Pause due", "Break is due"),
    label("technical", "Problème technique", "Technical problem"),
  ],
  support: [
    tool("teamviewer", "TeamViewer", { fr: "Identifiant du partenaire", en: "Partner ID" }, "[0-9]{9,10}"),
    tool("anydesk", "AnyDesk", { fr: "Adresse AnyDesk", en: "AnyDesk address" }, "[0-9]{9,10}"),
    tool("logmein-rescue", "LogMeIn Rescue", { fr: "Code PIN", en: "PIN code" }, "[0-9]{6}"),
  ],
};

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const ticket = { system: "rt", ticket: "1491", subject: "Incident – Marie Durand", created: true };
const used = (id, at, how, code) => ({ agent: "alice", tool: id, code, how, at: ago(at) });

/** Talks as screenshots want them, by the name of the stage. */
export const talksOfHand = {
  recorded: () => ({ recording: { state: "on", since: ago(42) } }),
  "recorded-always": () => ({ queue: "support-n2", recording: { state: "on", since: ago(42) }, muted: true }),
  paused: () => ({
    recording: { state: "paused", since: ago(12) },
    muted: true,
    tickets: [ticket],
    support: [used("teamviewer", 130, "open", "123456789"), used("anydesk", 20, "send", "987654321")],
  }),
  lost: () => ({ phone_lost_since: ago(6) }),
  "on-desk": () => ({ device: "desk", muted: true }),
};

/** The change an act makes to the call, or undefined for acts of others. */
export function changeByHand(act, body, call, agent) {
  const now = new Date().toISOString();
  if (act === "mute") return { muted: body.on || undefined };
  if (act === "recording")
    return {
      recording:
        body.do === "stop" ? undefined : { state: body.do === "pause" ? "paused" : "on", since: now },
    };
  if (act === "support")
    return {
      support: [
        ...(call?.support ?? []),
        { agent, tool: body.tool, code: body.code, how: body.how, at: now },
      ],
    };
  return undefined;
}
