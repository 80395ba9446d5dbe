import { el, fill } from './dom.js';
import { duration } from './format.js';
import { icon } from './icons.js';
import { listKeys } from './list-keys.js';
import { niceTicks } from './scale.js';
import { colourOf } from './store.js';
import { visible } from './trace-tree.js';
import { VirtualList } from './virtual.js';

const phone = matchMedia('(max-width: 700px)');
const rowHeight = () => phone.matches ? 46 : 30;
const DEEPEST = 24;

/** What a span is about in a few words, beside its name. */
function about(span) {
  const a = span.attributes ?? {};
  const statement = a['db.query.summary'] ?? a['db.query.text'];
  if (statement) return String(statement).slice(0, 90);
  const status = a['http.response.status_code'];
  const address = span.kind === 'client' ? a['url.path'] ?? a['url.full'] ?? a['server.address'] : '';
  return [status, address].filter(Boolean).join(' ');
}

/** The tree of spans along the time, as a tree grid: folded and walked by keyboard, only the rows in sight exist. */
export class Waterfall {
  #nodes = [];
  #shown = [];
  #folded = new Set();

  constructor(view, { select, selected }) {
    this.view = view;
    this.selected = selected;
    this.select = select;
    this.ruler = el('div', { class: 'ruler', 'aria-hidden': 'true' });
    this.scroller = el('div', { class: 'scroller waterfall', role: 'treegrid', 'aria-label': 'Spans', tabindex: '0' });
    this.element = el('div', { class: 'frame' }, this.ruler, this.scroller);
    this.list = new VirtualList(this.scroller, { rowHeight: rowHeight(), signal: view.signal, render: node => this.#row(node) });
    phone.addEventListener('change', () => this.list.layout(rowHeight(), false), { signal: view.signal });
    this.scroller.addEventListener('click', event => {
      const row = event.target.closest('[data-span]');
      if (!row) return;
      if (event.target.closest('.fold')) this.#toggle(row.dataset.span);
      else this.select(row.dataset.span);
    });
    listKeys(view, this.scroller, {
      length: () => this.#shown.length, at: () => this.#shown.findIndex(node => node.span.spanId === this.selected()), open: () => this.select(this.selected(), true), close: () => this.select(null),
      go: index => this.select(this.#shown[index].span.spanId), other: (event, at) => this.#foldKeys(event.key, this.#shown[at]),
    });
  }

  show(trace, order, logsBySpan) {
    Object.assign(this, { trace, logsBySpan });
    this.#nodes = order;
    this.#drawRuler();
    this.refresh();
  }

  #drawRuler() {
    const total = this.trace.duration || 1;
    fill(this.ruler, el('span', { class: 'names' }, 'Span'), el('span', { class: 'scale' },
      niceTicks(0, total, phone.matches ? 3 : 6).filter(at => at <= total).map(at => el('span', { class: 'tick', style: { left: `${100 * at / total}%` } }, at === 0 ? '0' : duration(at)))));
  }

  refresh() {
    this.#shown = visible(this.#nodes, this.#folded);
    this.list.update(this.#shown);
    this.list.redraw();
  }

  get folded() { return this.#folded.size > 0; }

  foldAll(fold) {
    this.#folded = new Set(fold ? this.#nodes.filter(node => node.depth > 0 && node.children.length > 0).map(node => node.span.spanId) : []);
    this.refresh();
  }

  #toggle(id) {
    if (!this.#folded.delete(id)) this.#folded.add(id);
    this.refresh();
  }

  #foldKeys(key, node) {
    if (!node) return false;
    const id = node.span.spanId;
    const folded = this.#folded.has(id);
    if (key === 'ArrowRight' && node.children.length > 0) {
      if (folded) this.#toggle(id);
      else this.select(node.children[0].span.spanId);
    } else if (key === 'ArrowLeft') {
      if (node.children.length > 0 && !folded) this.#toggle(id);
      else if (node.parent) this.select(node.parent.span.spanId);
    } else return false;
    return true;
  }

  /** Shows which one is chosen, unfolding what hides it. */
  reveal(id, centre) {
    this.list.active = id && `span-${id}`;
    const node = this.#nodes.find(one => one.span.spanId === id);
    for (let up = node?.parent; up; up = up.parent) this.#folded.delete(up.span.spanId);
    this.refresh();
    const at = this.#shown.indexOf(node);
    if (at >= 0) this.list.reveal(at, { centre });
  }

  #row(node) {
    const { span, children, depth } = node;
    const total = this.trace.duration || 1;
    const left = 100 * Math.max(0, span.start - this.trace.start) / total;
    const width = 100 * span.duration / total;
    const folded = this.#folded.has(span.spanId);
    const bad = span.status === 'error';
    const chosen = this.selected() === span.spanId;
    const logs = this.logsBySpan.get(span.spanId) ?? [];
    const label = `${duration(span.duration)}`;
    return el('div', { class: `span-row ${colourOf(span.resource)}${chosen ? ' selected' : ''}`, role: 'row', id: `span-${span.spanId}`, data: { span: span.spanId }, 'aria-level': depth + 1, 'aria-selected': String(chosen),
      'aria-expanded': children.length > 0 ? String(!folded) : undefined, style: { '--depth': Math.min(depth, DEEPEST) } },
    el('span', { class: 'label', role: 'gridcell' },
      children.length > 0 ? el('span', { class: `fold${folded ? ' folded' : ''}`, title: folded ? `Unfold ${node.size}` : `Fold ${node.size}` }, icon('down'), folded && el('span', { class: 'amount' }, String(node.size))) : el('span', { class: 'leaf' }),
      bad ? icon('cross', 'bad-text') : folded && node.failed ? icon('alert', 'bad-text') : null,
      el('span', { class: 'service-name' }, span.resource), el('span', { class: 'span-name', title: span.name }, span.name), el('span', { class: 'faint about' }, about(span))),
    el('span', { class: 'track', role: 'gridcell', title: `${span.name}: ${label}, after ${duration(span.start - this.trace.start)}` },
      el('span', { class: bad ? 'bar bad' : 'bar', style: { left: `${left}%`, width: `max(2px, ${width}%)` } }),
      logs.slice(0, 40).map(log => el('span', { class: `tick-log ${log.level}`, style: { left: `${Math.min(99.6, Math.max(0, 100 * (log.time - this.trace.start) / total))}%` } })),
      el('span', { class: 'time', style: { left: `${left + width}%` } }, label)));
  }
}
