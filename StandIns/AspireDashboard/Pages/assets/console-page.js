import { consoleRow, plainLine } from './console-line.js';
import { el, fill, setText } from './dom.js';
import { choice, searchField, toggle } from './filters.js';
import { Finder } from './finder.js';
import { count, counted } from './format.js';
import { icon } from './icons.js';
import { listKeys } from './list-keys.js';
import { go, setQuery } from './router.js';
import { store, storeChanged } from './store.js';
import { Tail } from './tail.js';
import { copy } from './toast.js';
import { empty } from './view.js';
import { VirtualList } from './virtual.js';
import { watch } from './watch.js';

const ROW = 20;

/** A file of what is shown, made in the browser. */
function download(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function resourcePicker(view) {
  const select = el('select', { 'aria-label': 'Resource' });
  const show = () => {
    const names = store.resources.map(resource => resource.name);
    if (view.name && !names.includes(view.name)) names.push(view.name);
    fill(select, el('option', { value: '' }, 'All resources'), names.map(name => el('option', { value: name }, name)));
    select.value = view.name ?? '';
  };
  select.addEventListener('change', () => {
    const kept = new URLSearchParams(location.search);
    kept.delete('replica');
    go((select.value ? `/console/${encodeURIComponent(select.value)}` : '/console') + (kept.size > 0 ? `?${kept}` : ''));
  });
  storeChanged.addEventListener('change', show, { signal: view.signal });
  show();
  return el('label', { class: 'field' }, select);
}

function replicaPicker(view) {
  const options = () => {
    const replicas = store.resources.find(resource => resource.name === view.name)?.replicas ?? [];
    return [['', 'All replicas'], ...(replicas.length > 1 ? replicas.map(replica => [replica.name, replica.name]) : [])];
  };
  const field = choice(view, { name: 'replica', label: 'Replica', options: options() });
  const show = () => {
    field.set(options());
    field.hidden = options().length === 1 && !view.query.get('replica');
  };
  storeChanged.addEventListener('change', show, { signal: view.signal });
  show();
  return field;
}

export function consolePage(view) {
  const summary = el('p', { class: 'summary', 'aria-live': 'off' });
  const search = searchField(view, { label: 'Find in the console', wide: true });
  const found = el('span', { class: 'found', role: 'status' });
  const jump = el('button', { type: 'button', class: 'button jump', hidden: true }, icon('down'), el('span'));
  const scroller = el('div', { class: 'scroller console', role: 'table', 'aria-label': 'Console', tabindex: '0' });
  const none = el('div', { class: 'none' });
  const word = () => view.query.get('q') ?? '';
  const wrapped = () => (view.query.get('wrap') ?? (matchMedia('(max-width: 700px)').matches ? '1' : '0')) === '1';
  const tail = new Tail({ path: '/api/console', field: 'lines', page: 2000, capacity: 50000,
    parameters: () => ({ resource: view.name, replica: view.query.get('replica'), text: view.query.get('only') ? word() : '' }) });
  const list = new VirtualList(scroller, { rowHeight: ROW, measured: wrapped(), signal: view.signal, render: line => consoleRow(line, word(), { several: !view.name || store.resources.find(r => r.name === view.name)?.replicas.length > 1, current: finder.current === line }), scrolled });
  const finder = new Finder(tail, list, word, view.signal, showFound);
  let unseen = 0;
  let finderBox = null;
  list.follow = view.query.get('tail') !== '0';

  const button = (picture, label, click) => el('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: click }, icon(picture));
  const text = () => tail.items.map(plainLine).join('\n');
  const wrap = el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Wrap long lines', title: 'Wrap long lines', onclick: () => setQuery({ wrap: wrapped() ? '0' : '1' }) }, icon('wrap'));
  view.element.append(...view.heading(view.name ? `Console of ${view.name}` : 'Console', summary),
    el('div', { class: 'filters', role: 'search' }, resourcePicker(view), replicaPicker(view), search,
      finderBox = el('span', { class: 'finder' }, found, button('up', 'Previous match', () => finder.step(-1)), button('down', 'Next match', () => finder.step(1))),
      toggle(view, { name: 'only', label: 'Only matches', picture: 'filter' }),
      el('span', { class: 'push button-row' }, wrap, button('copy', 'Copy what is shown', () => copy(text(), counted(tail.items.length, 'line'))), button('download', 'Download what is shown', () => download(text(), `${view.name ?? 'console'}.txt`)))),
    el('div', { class: 'frame' }, scroller, none, jump));

  function showFound() {
    finderBox.hidden = !word();
    setText(found, word() ? (finder.matches.length > 0 ? `${count(finder.at + 1)} / ${count(finder.matches.length)}` : 'none') : '');
  }

  function scrolled(first) {
    if (first >= 0 && first < 300 && !tail.reachedStart && tail.items.length > 0) older();
  }

  async function older() {
    try {
      const came = await tail.older(view.signal);
      if (came > 0) changed(came);
    } catch (error) {
      if (error.name !== 'AbortError') view.problem(error);
    }
  }

  // Scrolled up by hand: the end is no longer followed. At the end again: it is.
  scroller.addEventListener('scroll', () => {
    const follow = list.atEnd;
    if (follow === list.follow) return;
    list.follow = follow;
    if (follow) unseen = 0;
    setQuery({ tail: follow ? '' : '0' });
    showJump();
  }, { passive: true });
  jump.addEventListener('click', () => {
    list.follow = true;
    unseen = 0;
    setQuery({ tail: '' });
    list.draw();
    showJump();
  });

  function showJump() {
    jump.hidden = list.follow || tail.items.length === 0;
    setText(jump.lastElementChild, unseen > 0 ? `${counted(unseen, 'new line')}` : 'To the newest');
  }

  function changed(before = 0) {
    list.update(tail.items, before);
    finder.search();
    setText(summary, tail.items.length > 0 ? `${counted(tail.items.length, 'line')}${tail.reachedStart ? '' : ', older ones above'}` : '');
    showJump();
    const filtered = view.query.get('only') && word();
    fill(none, tail.items.length === 0 && (filtered
      ? empty('search', 'No line has that', 'Nothing that is kept contains ', el('code', null, word()), '. Take the filter out, or choose another resource.')
      : empty('console', 'Nothing was written yet', view.name ? `${view.name} has not said a word since AppHost started. Lines appear here as they are written.` : 'Lines appear here as the resources write them.')));
  }

  let loaded = false;
  const watcher = watch(view, ['console'], 150, async signal => {
    if (!loaded) {
      await tail.newest(signal);
      loaded = true;
      changed();
      return;
    }
    const last = tail.items.at(-1)?.seq ?? 0;
    const gone = await tail.more(signal);
    if (!list.follow) unseen += tail.items.filter(line => line.seq > last).length;
    changed(-gone);
  });

  wrap.setAttribute('aria-pressed', String(wrapped()));
  scroller.classList.toggle('wrap', wrapped());
  view.onQuery((query, before) => {
    const asked = q => `${q.get('replica')} ${q.get('only') ? q.get('q') : ''}`;
    if (asked(query) !== asked(before)) {
      loaded = false;
      watcher.again();
    }
    if (query.get('wrap') !== before.get('wrap')) {
      wrap.setAttribute('aria-pressed', String(wrapped()));
      scroller.classList.toggle('wrap', wrapped());
      list.layout(ROW, wrapped());
    }
    if (query.get('q') !== before.get('q')) {
      finder.forget();
      list.redraw();
    }
  });
  search.input.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    finder.step(event.shiftKey ? -1 : 1);
  });
  document.addEventListener('keydown', event => {
    if (event.target.matches('input, select') || event.ctrlKey || event.metaKey || event.altKey || !word()) return;
    if (event.key === 'n' || event.key === 'N') finder.step(event.key === 'N' ? -1 : 1);
  }, { signal: view.signal });
  listKeys(view, scroller, { length: () => tail.items.length, at: () => list.range[0], go: index => { list.follow = false; scroller.scrollTop = list.rows.top(index); } });
}
