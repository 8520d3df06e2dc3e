// Debian's Chromium for what is run here: no window, no network of its own, a
// microphone that beeps. CHROMIUM names another browser.
export const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
];
