import { el } from './dom.js';
import { icon } from './icons.js';

const PICTURES = { good: 'check', bad: 'alert', info: 'info' };

/** A sentence at the edge of the page. What went wrong stays longer, and can be put away. */
export function toast(text, kind = 'info') {
  const box = document.getElementById('toasts');
  const note = el('div', { class: `toast ${kind}` }, icon(PICTURES[kind]), el('p', null, text),
    el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Put away', onclick: () => note.remove() }, icon('cross')));
  box.append(note);
  while (box.childElementCount > 4) box.firstElementChild.remove();
  setTimeout(() => note.remove(), kind === 'bad' ? 12000 : 4000);
}

/** Copies, and says so; without leave of the browser it says that too. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied`, 'good');
  } catch {
    toast('The browser does not let this page copy.', 'bad');
  }
}

/** A button that copies what `text` is then. */
export function copyButton(text, what) {
  return el('button', { type: 'button', class: 'icon-button small', 'aria-label': `Copy ${what.toLowerCase()}`, title: `Copy ${what.toLowerCase()}`, onclick: () => copy(text(), what) }, icon('copy'));
}
