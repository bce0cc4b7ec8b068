/** Ticks in a worker: browsers slow the timers of hidden tabs down to one a minute, and a silent desk counts as gone. */
const PERIOD_MS = 500;

setInterval(() => {
  postMessage(null);
}, PERIOD_MS);
