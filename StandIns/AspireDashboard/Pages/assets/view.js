import { el, fill } from './dom.js';
import { icon } from './icons.js';
import { store } from './store.js';

/**
 * A page while it is shown: where it draws, what its address says, and a signal that ends everything it began when
 * the reader goes elsewhere.
 */
export class View {
  #ended = new AbortController();
  #queryChanged = [];
  #trouble = el('div', { class: 'trouble', role: 'alert' });

  constructor(route, { fill: fills = false } = {}) {
    this.name = route.name;
    this.query = route.query;
    this.signal = this.#ended.signal;
    this.element = el('div', { class: fills ? 'page fills' : 'page' });
  }

  /** The head of the page: its one h1, and what belongs beside it. */
  heading(title, ...beside) {
    this.title = title;
    this.h1 = el('h1', { tabindex: '-1' }, title);
    return [el('header', { class: 'heading' }, this.h1, ...beside), this.#trouble];
  }

  rename(title, text = title) {
    this.title = title;
    if (this.h1.textContent !== text) this.h1.textContent = text;
    document.title = `${title} · SecureShop`;
  }

  onQuery(listener) {
    this.#queryChanged.push(listener);
  }

  /** The address changed, but not the page. */
  requery(query) {
    if (query.toString() === this.query.toString()) return;
    const before = this.query;
    this.query = query;
    for (const listener of this.#queryChanged) listener(query, before);
  }

  /** Says what could not be loaded, until it could. */
  problem(error) {
    // What to do about a lost session stands above every page.
    if (error === null || error.status === 401) {
      if (this.#trouble.firstChild) this.#trouble.replaceChildren();
      return;
    }
    fill(this.#trouble, icon('alert'), el('p', null, el('strong', null, 'This could not be loaded. '), error.message, error.status === 404 ? '' : ' It is tried again.'));
  }

  end() {
    this.#ended.abort();
  }
}

/** A link to the shop itself, where a first request can be made; plain words until the gateway is known. */
export function shopLink(path, words) {
  const shop = store.resources.flatMap(resource => resource.endpoints).find(endpoint => endpoint.name === 'shop' && endpoint.link);
  return shop ? el('a', { href: shop.address.replace(/\/$/, '') + path, target: '_blank', rel: 'noopener' }, words) : words;
}

/** What stands where nothing is: why, and what to do next. */
export function empty(picture, title, ...text) {
  return el('div', { class: 'empty' }, icon(picture), el('h2', null, title), el('p', null, ...text));
}
