import { el, fill } from './dom.js';
import { icon } from './icons.js';
import { setQuery } from './router.js';
import { store, storeChanged } from './store.js';

// Fields that stand for a part of the address: they show what it says and write what is chosen.

/** A search field; it writes after a pause, so that a filter is not asked for at every letter. */
export function searchField(view, { name = 'q', label, wide = false }) {
  const input = el('input', { type: 'search', 'aria-label': label, placeholder: label, value: view.query.get(name) ?? '', autocomplete: 'off', spellcheck: 'false', maxlength: '200' });
  let timer = 0;
  const write = () => {
    clearTimeout(timer);
    if ((view.query.get(name) ?? '') !== input.value) setQuery({ [name]: input.value });
  };
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(write, 180);
  });
  input.addEventListener('change', write);
  view.signal.addEventListener('abort', () => clearTimeout(timer));
  view.onQuery(query => {
    if (document.activeElement !== input) input.value = query.get(name) ?? '';
  });
  const field = el('label', { class: wide ? 'field search wide' : 'field search' }, icon('search'), input);
  field.input = input;
  return field;
}

/** A choice of one; `options` are [value, text] and may be set again. */
export function choice(view, { name, label, options, fallback = '' }) {
  const select = el('select', { 'aria-label': label });
  let known = '';
  const show = () => {
    const value = view.query.get(name) ?? fallback;
    // What the address asks for is offered even where nothing of the kind is there (yet).
    const all = options.some(([v]) => v === value) ? options : [...options, [value, value]];
    const key = JSON.stringify(all);
    if (key !== known) {
      known = key;
      fill(select, all.map(([v, text]) => el('option', { value: v }, text)));
    }
    select.value = value;
    field.classList.toggle('set', value !== fallback);
  };
  const field = el('label', { class: 'field' }, select);
  select.addEventListener('change', () => setQuery({ [name]: select.value === fallback ? '' : select.value }));
  view.onQuery(show);
  field.set = next => {
    options = next;
    show();
  };
  show();
  return field;
}

/** A choice among the resources, as they are now. */
export function resourceChoice(view, { name = 'resource', any = 'All resources' } = {}) {
  const options = () => [['', any], ...store.resources.map(resource => [resource.name, resource.name])];
  const field = choice(view, { name, label: 'Resource', options: options() });
  storeChanged.addEventListener('change', () => field.set(options()), { signal: view.signal });
  return field;
}

/** A button that is on or off. */
export function toggle(view, { name, label, picture, on = '1' }) {
  const button = el('button', { type: 'button', class: 'button toggle', onclick: () => setQuery({ [name]: view.query.get(name) === on ? '' : on }) }, picture && icon(picture), label);
  const show = () => button.setAttribute('aria-pressed', String(view.query.get(name) === on));
  view.onQuery(show);
  show();
  return button;
}

/** Something that filters and is not in a field of its own (a trace, a span): shown, and taken out by a click. */
export function chip(view, { name, text }) {
  const place = el('span', { class: 'chips' });
  const show = () => {
    const value = view.query.get(name);
    fill(place, value && el('button', { type: 'button', class: 'chip', 'aria-label': `Without ${text(value)}`, onclick: () => setQuery({ [name]: '' }) }, text(value), icon('cross')));
  };
  view.onQuery(show);
  show();
  return place;
}
