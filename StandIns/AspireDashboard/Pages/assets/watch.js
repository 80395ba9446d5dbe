import { onChange } from './live.js';

/**
 * Keeps something on a page as new as the server's: loads now, and again when one of the kinds has changed, but never
 * twice at a time and not oftener than `every` milliseconds. A load that is overtaken by `again()` is aborted.
 */
export function watch(view, kinds, every, load) {
  let controller = null;
  let timer = 0;
  let startedAt = -Infinity;
  let stale = false;

  async function run() {
    timer = 0;
    stale = false;
    startedAt = performance.now();
    const mine = controller = new AbortController();
    const signal = AbortSignal.any([view.signal, mine.signal]);
    try {
      await load(signal);
      if (!signal.aborted) view.problem(null);
    } catch (error) {
      if (signal.aborted || error.name === 'AbortError') return;
      view.problem(error);
      stale = error.status !== 401 && error.status !== 404;
      startedAt += 3000; // An answer that failed is not asked for at full pace.
    } finally {
      if (controller === mine) controller = null;
    }
    if (stale) plan();
  }

  function plan() {
    stale = true;
    if (timer || controller || document.hidden || view.signal.aborted) return;
    timer = setTimeout(run, Math.max(0, startedAt + every - performance.now()));
  }

  onChange(changed => {
    if (kinds.some(kind => changed.has(kind))) plan();
  }, view.signal);
  view.signal.addEventListener('abort', () => clearTimeout(timer));
  queueMicrotask(again);

  /** Loads anew at once, for what has been loaded answers another question. */
  function again() {
    clearTimeout(timer);
    timer = 0;
    controller?.abort();
    controller = null;
    if (!view.signal.aborted) run();
  }
  return { again, plan };
}
