import { get } from './api.js';
import { el, fill, setText } from './dom.js';
import { resourceChoice, searchField } from './filters.js';
import { counted } from './format.js';
import { icon } from './icons.js';
import { instrumentTree } from './instrument-tree.js';
import { instrumentView } from './instrument-view.js';
import { cardsOf, overviewCard } from './overview.js';
import { minutesOf, rangeChoice } from './range.js';
import { empty } from './view.js';
import { watch } from './watch.js';

const keyOf = list => list.map(one => `${one.resource} ${one.meter} ${one.name} ${Object.entries(one.attributes ?? {}).map(([key, values]) => key + values.length)}`).join('|');

export function metricsPage(view) {
  const summary = el('p', { class: 'summary' });
  const tree = el('nav', { class: 'tree', 'aria-label': 'Instruments' });
  const search = searchField(view, { label: 'Search instruments', wide: true });
  const body = el('div', { class: 'metrics-body' });
  const phone = matchMedia('(max-width: 900px)');
  const side = el('details', { class: 'panel side-list', hidden: true, open: !phone.matches }, el('summary', null, icon('search'), 'Instruments'), search, tree);
  phone.addEventListener('change', () => { side.open = !phone.matches; }, { signal: view.signal });
  const onlyResource = resourceChoice(view);
  view.element.append(...view.heading('Metrics', summary, el('span', { class: 'push button-row' }, onlyResource, rangeChoice(view, 5))), el('div', { class: 'metrics' }, side, body));
  let instruments = [];
  let known = '';
  let shape = '';
  let parts = [];
  const asked = name => view.query.get(name) ?? '';

  function drawTree() {
    const list = asked('resource') && !asked('name') ? instruments.filter(one => one.resource === asked('resource')) : instruments;
    fill(tree, instrumentTree(list, { resource: asked('resource'), meter: asked('meter'), name: asked('name'), word: asked('q'), minutes: asked('minutes') }));
  }

  /** Draws the frame anew only when it shows something else; numbers alone go into the charts that are there. */
  function drawBody() {
    const next = [keyOf(instruments), asked('resource'), asked('meter'), asked('name')].join('§');
    onlyResource.hidden = asked('name') !== '';
    if (next === shape) return;
    shape = next;
    const same = instruments.filter(one => one.meter === asked('meter') && one.name === asked('name'));
    if (instruments.length === 0) {
      parts = [];
      fill(body, empty('traces', 'No metrics yet', 'Services send them every few seconds once they run. They appear here by themselves.'));
    } else if (asked('name')) {
      const one = same.find(candidate => candidate.resource === asked('resource')) ?? same[0];
      if (!one) {
        parts = [];
        fill(body, empty('search', 'This instrument has sent nothing', 'No resource reports it now. Choose another one from the list.'));
        return;
      }
      const part = instrumentView(view, one, same.map(candidate => candidate.resource));
      parts = [{ refresh: (minutes, signal) => part.refresh(signal) }];
      fill(body, part.element);
    } else {
      const cards = cardsOf(instruments.filter(one => !asked('resource') || one.resource === asked('resource')));
      parts = cards.map(card => overviewCard(view, card));
      fill(body, parts.length > 0 ? el('div', { class: 'cards' }, parts.map(part => part.element)) : empty('filter', 'Nothing for the overview', 'This resource sends none of the usual instruments. Choose one from the list.'));
    }
  }

  const watcher = watch(view, ['metrics'], 2500, async signal => {
    instruments = (await get('/api/metrics', {}, signal)).instruments;
    const key = keyOf(instruments);
    if (key !== known || tree.childElementCount === 0) {
      known = key;
      drawTree();
      setText(summary, instruments.length > 0 ? counted(new Set(instruments.map(one => `${one.meter} ${one.name}`)).size, 'instrument') : '');
    }
    side.hidden = instruments.length === 0;
    drawBody();
    await Promise.all(parts.map(part => part.refresh(minutesOf(view, 5), signal)));
  });
  view.onQuery((query, before) => {
    drawTree();
    // A word in the search of the list changes nothing but the list.
    const others = from => [...from].filter(([name]) => name !== 'q').join();
    if (others(query) === others(before)) return;
    drawBody();
    watcher.again();
    if (phone.matches && query.get('name') !== before.get('name')) side.open = false;
  });
}
