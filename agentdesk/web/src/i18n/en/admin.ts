// The words of the administrator’s pages.
import type fr from "../fr/admin";
import type { Same } from "../same";

const admin: Same<typeof fr> = {
  people: {
    title: "Accounts",
    loading: "Reading the accounts…",
    role: { agent: "Agent", supervisor: "Supervisor", administrator: "Administrator" },
    roleLabel: "Role",
    ownQueues: "their own queues",
    allQueues: "all queues",
    scoped: "Only for some queues",
    queues: "Queues and groups",
    oidc: "single sign-on",
    mustChange: "password to be changed",
    disabled: "Account disabled",
    locked: "Locked after failed attempts",
    unlock: "Unlock",
    unlocked: "{{name}} can try again.",
    open: "Rights",
    openFor: "Rights and sessions of {{name}}",
    own: "Only another administrator can change your own rights.",
    save: "Save the rights",
    saved: "Rights of {{name}} saved.",
    endAll: "Close all sessions",
    signedOut: "Sessions of {{name}} closed.",
  },
  audit: {
    title: "Audit log",
    account: "Account",
    act: "Action",
    outcome: "Outcome",
    all: "All",
    outcomes: { done: "Done", denied: "Denied", failed: "Failed" },
    acts: {
      "hear-recording": "hears a recording",
      "delete-recording": "deletes a recording",
      "follow-up": "promises a call",
      "call-out": "calls on behalf of a queue",
      "cancel-callback": "cancels a callback",
      "set-priority": "changes a priority",
      "move-call": "moves a call to another queue",
      "hang-up": "hangs a call up",
      "give-call": "transfers a call",
      "drop-party": "drops a party",
      "set-state": "changes an agent’s state",
      "add-ticket": "links a ticket",
    },
    search: "Search",
    loading: "Reading the log…",
    none: "No entry.",
    nobody: "not signed in",
    more: "Older entries",
  },
};

export default admin;
