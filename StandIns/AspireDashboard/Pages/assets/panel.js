import { el, fill } from './dom.js';
import { icon } from './icons.js';

/** The details beside a list; over it on a phone. Closed by its button or by Esc. */
export class Panel {
  #body = el('div', { class: 'panel-body', tabindex: '-1' });
  #title = el('h2');

  constructor(label, close) {
    this.element = el('aside', { class: 'details', 'aria-label': label, hidden: true },
      el('header', null, this.#title, el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close the details', title: 'Close (Esc)', onclick: close }, icon('cross'))), this.#body);
    this.element.addEventListener('keydown', event => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      close();
    });
  }

  get open() { return !this.element.hidden; }

  show(title, ...content) {
    fill(this.#title, title);
    fill(this.#body, content);
    this.#body.scrollTop = 0;
    this.element.hidden = false;
  }

  close() {
    this.element.hidden = true;
    this.#body.replaceChildren();
  }

  focus() { this.#body.focus({ preventScroll: true }); }
}

/** Names and values, each to be copied by selecting; long ones wrap. */
export function pairs(entries) {
  return el('dl', { class: 'pairs' }, entries.map(([name, ...value]) => el('div', null, el('dt', null, name), el('dd', null, ...value))));
}
