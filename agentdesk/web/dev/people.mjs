// The mock's accounts: ways to sign in, sessions, rights, the audit log.
import { ago, ahead, waitingId } from "./world.mjs";

export const ways = (oidc) => ({
  password: true,
  ...(oidc ? { oidc: { name: "Entra ID", url: "/sign-in/oidc" } } : {}),
});

const firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";
const edge =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
const session = (n, began, client, address, more = {}) => ({
  id: `01935b7e-0000-7000-8000-00000000030${n}`,
  began_at: ago(began),
  seen_at: ago(60 * n),
  ends_at: ahead(30_000),
  address,
  client,
  method: "password",
  present: false,
  ...more,
});

export const sessions = (others) => [
  session(1, 5_400, firefox, "192.0.2.17", { present: !others }),
  session(2, 90_000, edge, "192.0.2.80", { method: "oidc" }),
];

const person = (name, display_name, role, more = {}) => ({
  name,
  display_name,
  role,
  disabled: false,
  locked: false,
  password: true,
  ...more,
});

export const people = () => ({
  people: [
    person("admin", "Admin", "administrator"),
    person("alice", "Alice Moreau", "agent"),
    person("bruno", "Bruno Lefèvre", "agent", { locked: true }),
    person("hugo", "Hugo Perrin", "supervisor", { queues: ["@support", "bench"], holds_for: ["support-n1"] }),
    person("ines", "Inès Delmas", "agent", { single_sign_on: true, password: false }),
    person("neuf", "Nour Neuville", "agent", { must_change_password: true }),
    person("paul", "Paul Ancien", "agent", { disabled: true }),
  ],
  groups: [{ name: "support", queues: ["support-n1", "support-n2"] }],
});

const audited = (id, since, account, act, on, outcome = "done", detail = undefined) => ({
  id,
  at: ago(since),
  account,
  act,
  on,
  from: "192.0.2.17",
  outcome,
  detail,
});

export const audit = () => [
  audited(1204, 40, "hugo", "move-call", waitingId(2), "done", "support-n1 → support-n2"),
  audited(1203, 95, "alice", "set-right", "alice", "denied", "rôle agent"),
  audited(1202, 300, "admin", "unlock", "bruno"),
  audited(1201, 330, undefined, "sign-in-refused", "bruno", "denied"),
  audited(1200, 4_000, "admin", "put-definitions", "12", "failed", "PostgreSQL ne répond pas"),
];
