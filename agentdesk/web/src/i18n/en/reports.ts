// The words of the reports page.
import type fr from "../fr/reports";
import type { Same } from "../same";

const reports: Same<typeof fr> = {
  reports: {
    title: "Reports",
    period: "Period",
    periods: {
      today: "Today",
      yesterday: "Yesterday",
      week: "Last 7 days",
      days: "Other days",
    },
    from: "From",
    to: "To",
    show: "Show",
    wrong: {
      missing: "A day is missing. Give the first and the last.",
      order: "The first day is after the last. Change one of them.",
    },
    refresh: "Refresh",
    loading: "Reading the reports…",
    read: "read at {{time}}",
    days: "{{first}} to {{last}}",
    part: "some of it cannot be read",
    failed: "These figures cannot be read.",
    records: "The records of calls do not answer. Calls go on: refresh in a moment.",
    notYours: "You supervise no queue. An administrator can give you some.",
    queue: "Queue",
    all: "Together",
    callbacks: {
      title: "Callbacks",
      about:
        "Asked for by a caller or promised by an agent in the period, and what became of them. The wait is from the wish, or the promise, until the customer answers.",
      none: "No callback was asked for or promised in this period. To see others, change the period.",
      asked: "Asked for",
      waiting: "Waiting",
      reached: "Reached",
      expired: "Not reached",
      cancelled: "Cancelled",
      resumed: "Rang again",
      lost: "Lost",
      tries: "Tries",
      waited_s: "Mean wait",
      longest_s: "Longest wait",
    },
    overflows: {
      title: "Overflows",
      about: "Calls that left their queue in the period to be sent on elsewhere: why, and where to.",
      none: "No queue sent a call on in this period. To see others, change the period.",
      cause: "Cause",
      to: "Sent on",
      calls: "Calls",
    },
    waits: {
      title: "Waits told",
      about:
        "Calls answered in the period while the caller stayed on the line: the wait told on entry, and the real one. The range is made to fit about 55 calls of 100; those are off by 0.",
      none: "No call was answered in this period with its caller on the line. To see others, change the period.",
      answered: "Answered",
      told: "Told",
      within: "Inside the range",
      share: "{{share}} ({{within}})",
      sooner: "Sooner",
      later: "Later",
      range: "Told, mean",
      actual: "Actual, mean",
      off: "Mean error",
    },
  },
};

export default reports;
