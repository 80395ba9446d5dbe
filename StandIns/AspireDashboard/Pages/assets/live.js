import { get } from './api.js';

// One stream of version numbers for the whole page. Nobody polls: a list is fetched again when its number has grown.

const listeners = new Set();
let versions = {};
let source = null;
let retryAfter = 1000;
let retry = 0;

/** `live`, `waiting` (for the server), or `hidden`; with the time since when. */
export const connection = { state: 'waiting', since: Date.now(), lastHeard: 0 };
export const connectionChanged = new EventTarget();

function turn(state) {
  if (connection.state !== state) {
    connection.state = state;
    connection.since = Date.now();
  }
  connectionChanged.dispatchEvent(new Event('change'));
}

function heard(event) {
  retryAfter = 1000;
  connection.lastHeard = Date.now();
  const now = JSON.parse(event.data);
  const changed = new Set(Object.keys(now).filter(kind => now[kind] !== versions[kind]));
  versions = now;
  turn('live');
  if (changed.size > 0) for (const listener of listeners) listener(changed);
}

function open() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource('/api/live');
  source.addEventListener('change', heard);
  source.addEventListener('error', lost);
}

// EventSource gives up on an answer that is not a stream (a lost session, too many streams), so the retry is ours.
function lost() {
  source?.close();
  source = null;
  turn('waiting');
  clearTimeout(retry);
  retry = setTimeout(() => {
    get('/api/status').then(open, error => {
      if (error.status !== 401) lost();
    });
  }, retryAfter);
  retryAfter = Math.min(retryAfter * 2, 10000);
}

/** Calls with the set of kinds that changed, until the signal. */
export function onChange(listener, signal) {
  listeners.add(listener);
  signal?.addEventListener('abort', () => listeners.delete(listener));
}

/** A hidden tab asks for nothing and holds no stream; when it is seen again, everything is looked at anew. */
export function start() {
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      clearTimeout(retry);
      source?.close();
      source = null;
      turn('hidden');
    } else {
      versions = {};
      open();
    }
  });
  // A page that the browser kept for "back" comes without its stream.
  addEventListener('pageshow', event => event.persisted && open());
  if (!document.hidden) open();
}
