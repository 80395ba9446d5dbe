import { get } from './api.js';
import { el, fill, setText } from './dom.js';
import { counted, duration, shortId, timeOf } from './format.js';
import { icon } from './icons.js';
import { Panel } from './panel.js';
import { setQuery } from './router.js';
import { spanDetails } from './span-details.js';
import { colourOf } from './store.js';
import { copyButton } from './toast.js';
import { breakdown, treeOf } from './trace-tree.js';
import { statusMark } from './traces-page.js';
import { empty } from './view.js';
import { Waterfall } from './waterfall.js';
import { watch } from './watch.js';

function shares(services) {
  const total = services.reduce((sum, one) => sum + one.time, 0) || 1;
  const text = one => `${one.resource}: ${duration(one.time)} of its own, ${(100 * one.time / total).toFixed(0)} %`;
  return el('div', { class: 'breakdown' },
    el('div', { class: 'shares', 'aria-hidden': 'true' }, services.map(one => el('span', { class: colourOf(one.resource), title: text(one), style: { 'flex-grow': Math.max(0.004, one.time / total) } }))),
    el('ul', { 'aria-label': 'Time of each service itself' }, services.map(one => el('li', { class: colourOf(one.resource), title: `${counted(one.spans, 'span')}${one.errors > 0 ? `, ${one.errors} failed` : ''}` },
      el('span', { class: 'swatch' }), one.resource, ' ', el('span', { class: 'number faint' }, duration(one.time)), one.errors > 0 && icon('cross', 'bad-text')))));
}

export function tracePage(view) {
  const id = view.name.toLowerCase();
  const facts = el('div', { class: 'trace-facts' });
  const bar = el('div');
  const note = el('div');
  const panel = new Panel('Span', () => select(null));
  const selected = () => view.query.get('span');
  const waterfall = new Waterfall(view, { select, selected });
  const foldButton = el('button', { type: 'button', class: 'button', onclick: () => {
    waterfall.foldAll(!waterfall.folded);
    nameFold();
  } });
  const body = el('div', { class: 'split', hidden: true }, waterfall.element, panel.element);
  const nameFold = () => setText(foldButton, waterfall.folded ? 'Unfold all' : 'Fold all');
  nameFold();
  view.element.append(el('p', { class: 'crumb' }, el('a', { href: '/traces' }, icon('back'), 'Traces')),
    ...view.heading(`Trace ${shortId(id)}`, el('span', { class: 'push button-row' }, foldButton, el('a', { class: 'button', href: `/logs?trace=${id}` }, icon('logs'), 'Logs'))), facts, bar, note, body);
  let trace = null;
  let tree = null;
  let logsBySpan = new Map();
  let spansSeen = '';

  function select(span, focus = false) {
    setQuery({ span: span ?? '' });
    if (span === null) waterfall.scroller.focus({ preventScroll: true });
    else if (focus) panel.focus();
  }

  function showSpan() {
    const node = tree?.byId.get(selected());
    if (node) panel.show(node.span.name, ...spanDetails(node, trace, logsBySpan.get(node.span.spanId) ?? []));
    else panel.close();
  }

  function draw(first) {
    const root = tree.order[0]?.span;
    const errors = trace.spans.filter(span => span.status === 'error').length;
    view.rename(root?.name ?? `Trace ${shortId(id)}`);
    fill(facts, root && statusMark({ statusCode: root.attributes?.['http.response.status_code'], error: errors > 0 }),
      el('span', null, el('strong', { class: 'number' }, duration(trace.duration))), el('span', null, counted(trace.spans.length, 'span')), errors > 0 && el('span', { class: 'bad-text' }, counted(errors, 'error')),
      el('a', { href: `/logs?trace=${id}` }, counted(trace.logs, 'log record')), el('span', null, timeOf(trace.start)), el('span', { class: 'id' }, el('code', null, id), copyButton(() => id, 'Trace id')));
    fill(bar, shares(breakdown(tree.order)));
    fill(note, trace.truncated && el('div', { class: 'banner warn' }, icon('alert'), el('p', null, 'This trace has more spans than are kept; the rest was dropped.')));
    body.hidden = false;
    waterfall.show(trace, tree.order, logsBySpan);
    if (first && selected()) waterfall.reveal(selected(), true);
    showSpan();
  }

  watch(view, ['traces', 'logs'], 1500, async signal => {
    // A minute after its end no more spans are to come.
    if (trace && Date.now() - trace.start - trace.duration > 60e3) return;
    let found;
    try {
      found = await get(`/api/traces/${id}`, {}, signal);
    } catch (error) {
      if (error.status !== 404) throw error;
      if (trace) return; // It has made room meanwhile; what is shown stays.
      fill(note, empty('traces', 'This trace is not kept', 'It has made room for newer ones, or its first span has not arrived yet. If it is on its way, it appears here by itself.'));
      return;
    }
    const key = `${found.spans.length} ${found.duration} ${found.logs}`;
    if (key === spansSeen) return;
    spansSeen = key;
    const logs = found.logs > 0 ? (await get('/api/logs', { trace: id, limit: 1000 }, signal)).logs : [];
    const first = trace === null;
    trace = found;
    tree = treeOf(found.spans);
    logsBySpan = Map.groupBy(logs, log => log.spanId);
    draw(first);
  });
  view.onQuery((query, before) => {
    if (query.get('span') === before.get('span') || !trace) return;
    waterfall.reveal(selected());
    showSpan();
  });
}
