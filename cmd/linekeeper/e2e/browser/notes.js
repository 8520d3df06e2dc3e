// Runs in a page before the console does, and notes its desktop notifications and
// whether it asked to be in front. No desktop is there to show them or to be clicked on.
(() => {
  const seen = window.e2e;
  const notes = [];
  Object.assign(seen, { notes, fronted: 0 });
  // Clicks the newest notification.
  Object.defineProperty(seen, "clickNote", { value: () => notes.at(-1).one.dispatchEvent(new Event("click")) });

  const Native = window.Notification;
  window.Notification = class extends Native {
    constructor(title, options) {
      super(title, options);
      const note = { title, body: options?.body ?? "", shown: true };
      Object.defineProperty(note, "one", { value: this });
      notes.push(note);
    }
    close() {
      const note = notes.find(({ one }) => one === this);
      if (note) note.shown = false;
      super.close();
    }
  };

  const focus = window.focus.bind(window);
  window.focus = () => {
    seen.fronted++;
    focus();
  };
})();
