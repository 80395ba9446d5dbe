import { get } from './api.js';
import { el, fill, marked, setText } from './dom.js';
import { choice, resourceChoice, searchField, toggle } from './filters.js';
import { counted, duration, shortId, timeOf } from './format.js';
import { icon } from './icons.js';
import { listKeys } from './list-keys.js';
import { go, setQuery } from './router.js';
import { colourOf } from './store.js';
import { empty, shopLink } from './view.js';
import { VirtualList } from './virtual.js';
import { watch } from './watch.js';

const MOST = 5000;
const PAGE = 200;
const FILTERS = ['resource', 'q', 'min', 'errors'];
const phone = matchMedia('(max-width: 700px)');
const rowHeight = () => phone.matches ? 84 : 44;

const statusTone = (code, error) => error || code >= 500 ? 'bad' : code >= 400 ? 'warn' : 'good';

export function statusMark(trace) {
  const tone = statusTone(trace.statusCode, trace.error);
  return el('span', { class: `status ${tone}` }, tone !== 'good' && icon(tone === 'bad' ? 'cross' : 'alert'), trace.statusCode ?? (trace.error ? 'error' : 'ok'));
}

/** The services of a trace, each with its colour, its number of spans, and whether one of them failed. */
export function serviceBadges(services) {
  return el('span', { class: 'services' }, services.map(service => el('span', { class: `service ${colourOf(service.resource)}`, title: `${service.resource}: ${counted(service.spans, 'span')}${service.errors > 0 ? `, ${service.errors} failed` : ''}` },
    service.resource, el('span', { class: 'amount' }, String(service.spans)), service.errors > 0 && icon('cross', 'bad-text'))));
}

function traceRow(trace, word, slowest, current) {
  const share = Math.max(0.004, trace.duration / slowest);
  return el('div', { class: `trace-row${current ? ' selected' : ''}`, role: 'row', id: `trace-${trace.traceId}`, 'aria-selected': String(current), data: { id: trace.traceId } },
    el('span', { role: 'gridcell', class: 'at' }, timeOf(trace.start)),
    el('span', { role: 'gridcell', class: 'what' }, el('a', { href: `/traces/${trace.traceId}`, tabindex: '-1' }, marked(trace.name, word)), el('span', { class: 'faint' }, `${trace.resource} · ${shortId(trace.traceId)}`)),
    el('span', { role: 'gridcell', class: 'badges' }, serviceBadges(trace.services)),
    el('span', { role: 'gridcell', class: 'result' }, statusMark(trace)),
    el('span', { role: 'gridcell', class: `took ${trace.error ? 'bad' : ''}` }, el('span', { class: 'bar', style: { '--share': share.toFixed(4) } }), el('span', { class: 'number' }, duration(trace.duration))));
}

export function tracesPage(view) {
  const summary = el('p', { class: 'summary', 'aria-live': 'polite' });
  const scroller = el('div', { class: 'scroller traces', role: 'grid', 'aria-label': 'Traces, newest first', tabindex: '0' });
  const head = el('div', { class: 'trace-row head', 'aria-hidden': 'true', hidden: true }, ['Time', 'Name', 'Services', 'Status', 'Duration'].map(text => el('span', null, text)));
  const none = el('div', { class: 'none' });
  const jump = el('button', { type: 'button', class: 'button jump top', hidden: true }, icon('up'), el('span'));
  const pause = el('button', { type: 'button', class: 'button toggle', onclick: () => setQuery({ tail: paused() ? '' : '0' }) });
  const paused = () => view.query.get('tail') === '0';
  const word = () => view.query.get('q') ?? '';
  const parameters = () => ({ resource: view.query.get('resource'), text: word(), minDuration: view.query.get('min'), errors: view.query.get('errors') ? 'true' : '' });
  let byId = new Map();
  let traces = [];
  let cursor = 0;
  let oldest = Infinity;
  let reachedStart = false;
  let loading = false;
  let current = null;
  let slowest = 1;
  let unseen = 0;
  const list = new VirtualList(scroller, { rowHeight: rowHeight(), signal: view.signal, render: trace => traceRow(trace, word(), slowest, trace.traceId === current), scrolled });
  phone.addEventListener('change', () => list.layout(rowHeight(), false), { signal: view.signal });
  view.element.append(...view.heading('Traces', summary, el('span', { class: 'push' }, pause)),
    el('div', { class: 'filters', role: 'search' }, resourceChoice(view), choice(view, { name: 'min', label: 'Shortest duration', options: [['', 'Any duration'], ['10', '10 ms and more'], ['50', '50 ms and more'], ['100', '100 ms and more'], ['500', '500 ms and more'], ['1000', '1 s and more']] }),
      searchField(view, { label: 'Search name, route or trace id', wide: true }), toggle(view, { name: 'errors', label: 'Errors only', picture: 'alert' })),
    el('div', { class: 'frame' }, head, scroller, none, jump));

  // Bars are measured against the slowest in sight, so that a scale of seconds does not flatten milliseconds.
  function scrolled(first, last) {
    let most = 1;
    for (let i = Math.max(0, first); i <= last; i++) most = Math.max(most, traces[i]?.duration ?? 0);
    if (most !== slowest) {
      slowest = most;
      for (let i = Math.max(0, first - 8); i <= Math.min(traces.length - 1, last + 8); i++) list.rowOf(traces[i])?.querySelector('.bar').style.setProperty('--share', Math.max(0.004, traces[i].duration / slowest).toFixed(4));
    }
    if (last > traces.length - 60) older();
  }

  function take(found) {
    const topTime = traces[0]?.start ?? Infinity;
    for (const trace of found) {
      byId.set(trace.traceId, trace);
      oldest = Math.min(oldest, trace.start);
    }
    traces = [...byId.values()].sort((a, b) => b.start - a.start);
    if (traces.length > MOST) {
      for (const gone of traces.splice(MOST)) byId.delete(gone.traceId);
      reachedStart = true;
    }
    return traces.findIndex(trace => trace.start <= topTime);
  }

  function changed(came) {
    const stay = came > 0 && scroller.scrollTop > 4;
    if (stay) unseen += came;
    list.update(traces, stay ? came : 0);
    const failed = traces.filter(trace => trace.error).length;
    setText(summary, traces.length > 0 ? `${counted(traces.length, 'trace')}${failed > 0 ? `, ${failed} with errors` : ''}` : '');
    head.hidden = traces.length === 0;
    fill(none, traces.length === 0 && (FILTERS.some(name => view.query.get(name)) ? empty('filter', 'No trace fits these filters', 'Take one out, or wait: what fits appears by itself.')
      : empty('traces', 'No traces yet', 'Every request through the gateway makes one. Begin with ', shopLink('/api/catalog/products', 'the products of the shop'), '.')));
    showJump();
  }

  function showJump() {
    jump.hidden = unseen === 0;
    setText(jump.lastElementChild, counted(unseen, 'new trace'));
  }

  async function older() {
    if (loading || reachedStart || traces.length === 0) return;
    loading = true;
    try {
      const answer = await get('/api/traces', { ...parameters(), limit: PAGE, before: oldest }, view.signal);
      reachedStart = answer.traces.length === 0;
      take(answer.traces);
      changed(0);
    } catch (error) {
      if (error.name !== 'AbortError') view.problem(error);
    } finally {
      loading = false;
    }
  }

  let loaded = false;
  const watcher = watch(view, ['traces'], 500, async signal => {
    if (loaded && paused()) return;
    const answer = await get('/api/traces', { ...parameters(), limit: loaded ? 500 : PAGE, after: loaded ? cursor : '' }, signal);
    if (!loaded) {
      byId = new Map();
      traces = [];
      oldest = Infinity;
      unseen = 0;
      reachedStart = answer.traces.length < PAGE;
      scroller.scrollTop = 0;
    }
    const came = take(answer.traces);
    cursor = Math.max(answer.last ?? 0, cursor);
    changed(loaded ? came : 0);
    loaded = true;
  });

  scroller.addEventListener('scroll', () => {
    if (scroller.scrollTop > 4 || unseen === 0) return;
    unseen = 0;
    showJump();
  }, { passive: true });
  jump.addEventListener('click', () => { scroller.scrollTop = 0; });
  scroller.addEventListener('click', event => {
    const row = event.target.closest('[data-id]');
    if (row && !event.target.closest('a') && getSelection()?.type !== 'Range') go(`/traces/${row.dataset.id}`);
  });
  function showPause() {
    fill(pause, icon(paused() ? 'play' : 'pause'), paused() ? 'Resume' : 'Pause');
    pause.setAttribute('aria-pressed', String(paused()));
  }
  showPause();
  view.onQuery((query, before) => {
    if (FILTERS.some(name => query.get(name) !== before.get(name))) loaded = false;
    showPause();
    watcher.again();
  });
  listKeys(view, scroller, {
    length: () => traces.length, at: () => traces.findIndex(trace => trace.traceId === current), open: at => go(`/traces/${traces[at].traceId}`),
    go: index => {
      current = traces[index].traceId;
      list.active = `trace-${current}`;
      list.redraw();
      list.reveal(index);
    },
  });
}
