import { el } from './dom.js';
import { icon } from './icons.js';

// What a resource is doing: its colour, its shape, its word.
const STATES = {
  waiting: ['idle', 'wait', 'Waiting'], starting: ['busy', 'spin', 'Starting'], running: ['good', 'play', 'Running'], healthy: ['good', 'check', 'Healthy'],
  unhealthy: ['warn', 'alert', 'Unhealthy'], restarting: ['busy', 'restart', 'Restarting'], stopping: ['busy', 'spin', 'Stopping'],
  stopped: ['idle', 'stop', 'Stopped'], finished: ['good', 'check', 'Finished'], failed: ['bad', 'cross', 'Failed'],
};

export const toneOf = state => STATES[state]?.[0] ?? 'idle';

export function stateChip(state) {
  const [tone, picture, word] = STATES[state] ?? ['idle', 'dot', state];
  return el('span', { class: `state ${tone}` }, icon(picture), word);
}

const KINDS = { project: 'Service', job: 'Job', postgres: 'Postgres', redis: 'Redis' };

export const kindWord = kind => KINDS[kind] ?? kind;
export const kindIcon = kind => icon(kind in KINDS ? kind : 'project', 'kind');
