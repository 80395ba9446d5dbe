import { el } from './dom.js';
import { setQuery } from './router.js';

const CHOICES = [5, 15, 60];

/** The minutes that the address asks for. */
export function minutesOf(view, fallback) {
  const asked = Number(view.query.get('minutes'));
  return CHOICES.includes(asked) ? asked : fallback;
}

export function rangeChoice(view, fallback) {
  const buttons = CHOICES.map(minutes => el('button', { type: 'button', class: 'button', onclick: () => setQuery({ minutes: minutes === fallback ? '' : minutes }) }, `${minutes} min`));
  const show = () => buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(CHOICES[i] === minutesOf(view, fallback))));
  view.onQuery(show);
  show();
  return el('div', { class: 'segmented', role: 'group', 'aria-label': 'Time shown' }, buttons);
}
