import { get } from './api.js';
import { el, fill, marked, setText } from './dom.js';
import { chip, choice, resourceChoice, searchField } from './filters.js';
import { counted, shortId, timeOf } from './format.js';
import { icon } from './icons.js';
import { LEVELS, levelMark } from './levels.js';
import { listKeys } from './list-keys.js';
import { logDetails } from './log-details.js';
import { Panel } from './panel.js';
import { setQuery } from './router.js';
import { colourOf } from './store.js';
import { Tail } from './tail.js';
import { empty, shopLink } from './view.js';
import { VirtualList } from './virtual.js';
import { watch } from './watch.js';

const FILTERS = ['resource', 'level', 'category', 'event', 'q', 'trace', 'span'];
const phone = matchMedia('(max-width: 700px)');
const rowHeight = () => phone.matches ? 62 : 32;

function logRow(log, word, selected) {
  return el('div', { class: `log${selected ? ' selected' : ''}`, role: 'row', id: `log-${log.seq}`, 'aria-selected': String(selected), data: { seq: log.seq } },
    el('span', { role: 'gridcell', class: 'at' }, timeOf(log.time)),
    el('span', { role: 'gridcell', class: `who ${colourOf(log.resource)}` }, log.resource),
    el('span', { role: 'gridcell', class: 'level' }, levelMark(log.level)),
    el('span', { role: 'gridcell', class: 'event', title: log.category }, log.eventName ?? log.eventId ?? el('span', { class: 'faint' }, log.category.split('.').at(-1))),
    el('span', { role: 'gridcell', class: 'message' }, log.exception && icon('alert', 'bad-text'), marked(log.message, word)),
    el('span', { role: 'gridcell', class: 'trace' }, log.traceId && el('a', { class: 'trace-link', tabindex: '-1', href: `/traces/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ''}`, title: `Trace ${log.traceId}` }, shortId(log.traceId))));
}

export function logsPage(view) {
  const summary = el('p', { class: 'summary', 'aria-live': 'polite' });
  const scroller = el('div', { class: 'scroller logs', role: 'grid', 'aria-label': 'Log records, newest first', tabindex: '0' });
  const head = el('div', { class: 'log head', 'aria-hidden': 'true', hidden: true }, ['Time', 'Resource', 'Level', 'Event', 'Message', 'Trace'].map(text => el('span', null, text)));
  const none = el('div', { class: 'none' });
  const jump = el('button', { type: 'button', class: 'button jump top', hidden: true }, icon('up'), el('span'));
  const pause = el('button', { type: 'button', class: 'button toggle', onclick: () => setQuery({ tail: paused() ? '' : '0' }) });
  const category = choice(view, { name: 'category', label: 'Category', options: [['', 'All categories']] });
  const event = choice(view, { name: 'event', label: 'Event', options: [['', 'All events']] });
  const clear = el('button', { type: 'button', class: 'button quiet', onclick: () => setQuery(Object.fromEntries(FILTERS.map(name => [name, '']))) }, 'Clear');
  const panel = new Panel('Log record', () => select(null));
  const paused = () => view.query.get('tail') === '0';
  const word = () => view.query.get('q') ?? '';
  const selectedSeq = () => Number(view.query.get('log')) || null;
  const tail = new Tail({ path: '/api/logs', field: 'logs', page: 500, capacity: 20000, parameters: () => ({
    resource: view.query.get('resource'), level: view.query.get('level'), category: view.query.get('category'), event: view.query.get('event'), text: word(), trace: view.query.get('trace'), span: view.query.get('span') }) });
  let newestFirst = [];
  let unseen = 0;
  let shownSeq = null;
  const list = new VirtualList(scroller, { rowHeight: rowHeight(), signal: view.signal, render: log => logRow(log, word(), log.seq === selectedSeq()), scrolled: (first, last) => last > newestFirst.length - 100 && older() });
  phone.addEventListener('change', () => list.layout(rowHeight(), false), { signal: view.signal });

  view.element.append(...view.heading('Logs', summary, el('span', { class: 'push' }, pause)),
    el('div', { class: 'filters', role: 'search' }, resourceChoice(view), choice(view, { name: 'level', label: 'Level', options: LEVELS }), category, event, searchField(view, { label: 'Search in messages', wide: true }),
      chip(view, { name: 'trace', text: id => `trace ${shortId(id)}` }), chip(view, { name: 'span', text: id => `span ${shortId(id)}` }),
      clear),
    el('div', { class: 'split' }, el('div', { class: 'frame' }, head, scroller, none, jump), panel.element));

  async function older() {
    if (tail.reachedStart || tail.items.length === 0) return;
    try {
      if (await tail.older(view.signal) > 0) changed(0);
    } catch (error) {
      if (error.name !== 'AbortError') view.problem(error);
    }
  }

  function changed(came) {
    newestFirst = tail.items.toReversed();
    const stay = came > 0 && (scroller.scrollTop > 4);
    if (stay) unseen += came;
    list.update(newestFirst, stay ? came : 0);
    setText(summary, newestFirst.length > 0 ? `${counted(newestFirst.length, 'record')}${tail.reachedStart ? '' : ', older ones below'}` : '');
    category.set([['', 'All categories'], ...(tail.answer?.categories ?? []).map(name => [name, name])]);
    event.set([['', 'All events'], ...(tail.answer?.events ?? []).map(name => [name, name])]);
    const filtered = FILTERS.some(name => view.query.get(name));
    head.hidden = newestFirst.length === 0;
    fill(none, newestFirst.length === 0 && (filtered ? empty('filter', 'No record fits these filters', 'Take one out, or wait: what fits appears by itself.')
      : empty('logs', 'No logs yet', 'Services send them as soon as they run. Make ', shopLink('/api/catalog/products', 'a request to the shop'), ', and what it caused shows here.')));
    showJump();
  }

  function showJump() {
    jump.hidden = unseen === 0;
    setText(jump.lastElementChild, counted(unseen, 'new record'));
  }
  scroller.addEventListener('scroll', () => {
    if (scroller.scrollTop > 4 || unseen === 0) return;
    unseen = 0;
    showJump();
  }, { passive: true });
  jump.addEventListener('click', () => { scroller.scrollTop = 0; });

  let loaded = false;
  const watcher = watch(view, ['logs'], 250, async signal => {
    if (!loaded) {
      await tail.newest(signal);
      loaded = true;
      scroller.scrollTop = 0;
      unseen = 0;
      changed(0);
      await show();
    } else if (!paused()) {
      const last = tail.items.at(-1)?.seq ?? 0;
      await tail.more(signal);
      changed(tail.items.length - 1 - tail.items.findLastIndex(log => log.seq <= last));
    }
  });

  function select(seq) {
    setQuery({ log: seq ?? '' });
    if (seq === null) scroller.focus({ preventScroll: true });
  }

  /** The details of what the address chooses; it may be older than what has been loaded. */
  async function show() {
    const seq = selectedSeq();
    if (seq === shownSeq) return;
    shownSeq = seq;
    list.active = seq && `log-${seq}`;
    list.redraw();
    if (seq === null) {
      panel.close();
      return;
    }
    const found = tail.items.find(log => log.seq === seq) ?? (await get('/api/logs', { after: seq - 1, limit: 1 }, view.signal)).logs.find(log => log.seq === seq);
    if (shownSeq !== seq) return;
    if (found) panel.show(found.eventName ?? found.category.split('.').at(-1), ...logDetails(found));
    else panel.show('Gone', el('p', { class: 'muted' }, 'This record has made room for newer ones.'));
  }

  function showPause() {
    clear.hidden = !FILTERS.some(name => view.query.get(name));
    fill(pause, icon(paused() ? 'play' : 'pause'), paused() ? 'Resume' : 'Pause');
    pause.setAttribute('aria-pressed', String(paused()));
  }
  showPause();
  view.onQuery((query, before) => {
    if (FILTERS.some(name => query.get(name) !== before.get(name))) {
      loaded = false;
      watcher.again();
    } else if (query.get('tail') !== before.get('tail')) watcher.again();
    showPause();
    show().catch(error => error.name !== 'AbortError' && view.problem(error));
  });
  scroller.addEventListener('click', event => {
    if (event.target.closest('a') || getSelection()?.type === 'Range') return;
    const row = event.target.closest('[data-seq]');
    if (row) select(Number(row.dataset.seq));
  });
  listKeys(view, scroller, {
    length: () => newestFirst.length, at: () => newestFirst.findIndex(log => log.seq === selectedSeq()), open: () => panel.focus(), close: () => panel.open && select(null),
    go: index => {
      select(newestFirst[index].seq);
      list.reveal(index);
    },
  });
}
