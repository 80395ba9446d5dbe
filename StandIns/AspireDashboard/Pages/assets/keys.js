import { help } from './dialogs.js';
import { go } from './router.js';

const PLACES = { r: '/', c: '/console', l: '/logs', t: '/traces', m: '/metrics', s: '/security' };
const CHORD = 1200;

/** Whether what has the focus takes letters for itself. */
const types = element => element.matches?.('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]') ?? false;

/** The shortcuts that hold on every page. Lists have their own, in list-keys.js. */
export function startKeys() {
  let pressedG = 0;
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) return;
    if (types(event.target)) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    const chord = performance.now() - pressedG < CHORD;
    pressedG = 0;
    if (chord && PLACES[event.key]) go(PLACES[event.key]);
    else if (event.key === 'g') pressedG = performance.now();
    else if (event.key === '?') help();
    else if (event.key === '/') document.querySelector('#main input[type=search]')?.focus();
    else return;
    event.preventDefault();
  });
}
