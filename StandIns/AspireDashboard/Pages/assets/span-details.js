import { el } from './dom.js';
import { counted, duration, shortId, timeOf } from './format.js';
import { icon } from './icons.js';
import { levelMark } from './levels.js';
import { pairs } from './panel.js';
import { sqlText } from './sql.js';
import { colourOf } from './store.js';
import { copyButton } from './toast.js';

const GROUPS = [['HTTP', /^(http|url|user_agent)\./], ['Database', /^db\./], ['Network', /^(network|server|client|net|tls)\./], ['Shop', /^(shop|secureshop)\./i], ['Error', /^(error|exception)\./]];

function grouped(attributes) {
  const groups = new Map();
  for (const [name, value] of Object.entries(attributes ?? {})) {
    const title = GROUPS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'Other';
    if (!groups.has(title)) groups.set(title, []);
    groups.get(title).push([name, value]);
  }
  return [...GROUPS.map(([title]) => title), 'Other'].filter(title => groups.has(title)).map(title => [title, groups.get(title)]);
}

function value(name, text) {
  if (name === 'db.query.text' || name === 'db.statement') return sqlText(String(text));
  return el('code', null, String(text));
}

function events(span) {
  if (!span.events?.length) return null;
  return el('section', null, el('h3', null, `Events (${span.events.length})`), el('ol', { class: 'events' }, span.events.map(event => {
    const trace = event.attributes?.['exception.stacktrace'];
    const rest = Object.entries(event.attributes ?? {}).filter(([name]) => name !== 'exception.stacktrace');
    return el('li', null, el('p', null, el('strong', null, event.name), el('span', { class: 'faint' }, ` after ${duration(event.time - span.start)}`)),
      rest.length > 0 && pairs(rest.map(([name, text]) => [name, el('code', null, String(text))])), trace && el('pre', { tabindex: '0' }, String(trace)));
  })));
}

/** Everything that is known of one span. */
export function spanDetails(node, trace, logs) {
  const { span } = node;
  const from = span.start - trace.start;
  const logsLink = `/logs?trace=${trace.traceId}&span=${span.spanId}`;
  return [
    el('p', { class: 'span-head' }, el('span', { class: `service ${colourOf(span.resource)}` }, span.resource), el('span', { class: 'tag' }, span.kind),
      span.status === 'error' && el('span', { class: 'status bad' }, icon('cross'), 'error')),
    span.statusMessage && el('p', { class: 'banner bad' }, icon('alert'), span.statusMessage),
    pairs([
      ['Duration', duration(span.duration), el('span', { class: 'faint' }, trace.duration > 0 ? ` ${(100 * span.duration / trace.duration).toFixed(1)} % of the trace` : '')],
      ['Began', timeOf(span.start), el('span', { class: 'faint' }, ` after ${duration(from)}`)],
      ['Span', el('code', null, span.spanId), copyButton(() => span.spanId, 'Span id')],
      ['Source', el('code', null, span.scope ?? '–')], span.instance && ['Instance', el('code', null, span.instance)],
      node.children.length > 0 && ['Below', counted(node.size, 'span')],
    ].filter(Boolean)),
    el('div', { class: 'button-row' }, el('a', { class: 'button', href: logsLink }, icon('logs'), logs.length > 0 ? counted(logs.length, 'log record') : 'Logs of this span')),
    logs.length > 0 && el('ol', { class: 'events' }, logs.slice(0, 20).map(log => el('li', null, el('p', null, levelMark(log.level), el('span', { class: 'faint' }, ` after ${duration(log.time - trace.start)} `), log.message)))),
    grouped(span.attributes).map(([title, list]) => el('section', null, el('h3', null, title), pairs(list.map(([name, text]) => [name, name.startsWith('db.query') && copyButton(() => String(text), 'Statement'), value(name, text)])))),
    events(span),
    span.links?.length > 0 && el('section', null, el('h3', null, 'Links'), el('ul', null, span.links.map(link => el('li', null, el('a', { href: `/traces/${encodeURIComponent(link.traceId)}?span=${encodeURIComponent(link.spanId)}` }, `trace ${shortId(link.traceId)}, span ${shortId(link.spanId)}`))))),
  ];
}
