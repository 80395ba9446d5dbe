import { queryOf } from './api.js';
import { el, marked } from './dom.js';
import { icon } from './icons.js';

// Our own meter first, then the web, then the rest by name.
function rank(meter) {
  if (meter.startsWith('SecureShop')) return 0;
  return meter.startsWith('Microsoft.AspNetCore') ? 1 : 2;
}

/** Meters with their instruments, each once; the resource that is looked at (or else the first that has it) is linked. */
export function instrumentTree(instruments, { resource, meter, name, word, minutes }) {
  const fits = instruments.filter(one => !word || `${one.meter} ${one.name} ${one.description}`.toLowerCase().includes(word.toLowerCase()));
  const meters = [...Map.groupBy(fits, one => one.meter)].sort((a, b) => rank(a[0]) - rank(b[0]) || a[0].localeCompare(b[0]));
  const link = list => {
    const one = list.find(candidate => candidate.resource === resource) ?? list[0];
    const current = one.meter === meter && one.name === name;
    return el('li', null, el('a', { href: `/metrics${queryOf({ resource: one.resource, meter: one.meter, name: one.name, minutes, q: word })}`, 'aria-current': current ? 'true' : undefined, title: one.description }, el('span', null, marked(one.name, word))));
  };
  return [
    el('a', { class: 'overview-link', href: `/metrics${queryOf({ resource, minutes })}`, 'aria-current': name ? undefined : 'true' }, icon('star'), 'Overview'),
    meters.map(([title, list]) => el('section', null, el('h2', null, title), el('ul', null, [...Map.groupBy(list, one => one.name)].sort((a, b) => a[0].localeCompare(b[0])).map(([, same]) => link(same))))),
    meters.length === 0 && el('p', { class: 'muted' }, 'No instrument has that name.'),
  ];
}

