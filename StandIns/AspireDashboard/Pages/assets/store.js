import { get } from './api.js';
import { onChange } from './live.js';

// The resources, which every page needs: for its filters, its colours and its links.

export const store = { resources: [], loaded: false, problem: null };
export const storeChanged = new EventTarget();
let running = false;
let again = false;

export async function refreshResources() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    store.resources = (await get('/api/resources')).resources;
    store.loaded = true;
    store.problem = null;
  } catch (error) {
    store.problem = error;
    if (error.status !== 401) setTimeout(refreshResources, 4000);
  } finally {
    running = false;
  }
  storeChanged.dispatchEvent(new Event('change'));
  if (again) {
    again = false;
    await refreshResources();
  }
}

onChange(changed => {
  if (changed.has('resources') && !document.hidden) refreshResources();
});

const COLOURS = 8;

/** The class that gives a service its colour: by its place in the list, so that neighbours differ, else by its name. */
export function colourOf(resource) {
  const at = store.resources.findIndex(known => known.name === resource);
  if (at >= 0) return `colour-${at % COLOURS}`;
  let hash = 0;
  for (const letter of resource ?? '') hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
  return `colour-${hash % COLOURS}`;
}
