import { el } from './dom.js';

function show(dialog) {
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  // A click beside it closes it, as Esc does.
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  dialog.showModal();
}

/** Asks before something is done that others notice. Answers true only when it was confirmed. */
export function confirm(title, text, action) {
  return new Promise(resolve => {
    const form = el('form', { method: 'dialog' },
      el('h2', { id: 'confirm-title' }, title), el('p', null, text),
      el('div', { class: 'buttons' }, el('button', { value: '', class: 'button', autofocus: true }, 'Cancel'), el('button', { value: 'yes', class: 'button danger' }, action)));
    const dialog = el('dialog', { class: 'ask', 'aria-labelledby': 'confirm-title' }, form);
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'));
    show(dialog);
  });
}

const SHORTCUTS = [
  ['Pages', [['g r', 'Resources'], ['g c', 'Console'], ['g l', 'Logs'], ['g t', 'Traces'], ['g m', 'Metrics'], ['g s', 'Security']]],
  ['In a list or a waterfall', [['j ↓', 'Next'], ['k ↑', 'Previous'], ['Enter', 'Open'], ['← →', 'Fold and unfold a span'], ['Esc', 'Close the details']]],
  ['Everywhere', [['/', 'Search on this page'], ['n ⇧n', 'Next and previous match'], ['?', 'This help']]],
];

const keys = text => text.split(' ').map((key, i) => [i > 0 ? ' ' : '', el('kbd', null, key)]);

export function help() {
  if (document.querySelector('dialog.help')) return;
  const sections = SHORTCUTS.map(([title, rows]) => el('section', null, el('h3', null, title),
    el('dl', null, rows.map(([key, what]) => el('div', null, el('dt', null, keys(key)), el('dd', null, what))))));
  show(el('dialog', { class: 'help', 'aria-labelledby': 'help-title' },
    el('form', { method: 'dialog' }, el('h2', { id: 'help-title' }, 'Keyboard'), el('button', { class: 'button', autofocus: true }, 'Close')),
    el('div', { class: 'shortcuts' }, sections),
    el('p', { class: 'muted' }, 'Shortcuts rest while you type. Every view is in its address: reload it, or send it to a colleague on this machine.')));
}
