// The words of signing in, passwords and sessions.
import type fr from "../fr/sign";
import type { Same } from "../same";

const sign: Same<typeof fr> = {
  sign: {
    title: "Start your shift",
    lead: "One sign-in for console and phone.",
    name: "User name",
    password: "Password",
    submit: "Sign in",
    busy: "Signing in…",
    wrong: "Wrong user name or password.",
    slow: "Too many tries in a row. Try again in {{seconds}} s.",
    slowSoon: "Too many tries in a row. Wait a moment, then try again.",
    down: "The server does not answer. Try again in a moment.",
    ended: "Your session is over. Sign in again.",
    out: "Sign out",
    starting: "Opening the console…",
    oidc: "Sign in with {{name}}",
    or: "or by password",
  },
  password: {
    word: "Password",
    title: "New password",
    must: "{{name}}, change your password before you go on.",
    old: "Current password",
    new: "New password",
    again: "New password, again",
    rule: "At least {{shortest}} characters; a sentence does very well.",
    submit: "Change the password",
    short: "The new password needs at least {{shortest}} characters.",
    differ: "The two new passwords differ.",
    wrongOld: "The current password is wrong.",
    same: "Choose one that is neither the current one nor your name.",
    changed: "Password changed. Your other sessions are closed.",
    expires: "Your password has to be changed before {{time}}.",
    change: "Change it",
  },
  sessions: {
    title: "Sessions",
    lead: "Where you are signed in. Close the ones you do not recognise.",
    loading: "Reading the sessions…",
    none: "No session.",
    present: "this one",
    unknown: "Unknown program",
    by: { password: "by password", oidc: "by single sign-on" },
    since: "since {{time}}",
    seen: "seen {{time}}",
    end: "Close",
    endFrom: "Close the session {{from}}",
    ended: "Session closed.",
  },
};

export default sign;
