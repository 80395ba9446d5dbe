import { el } from './dom.js';
import { shortId, timeOf } from './format.js';
import { icon } from './icons.js';
import { levelMark } from './levels.js';
import { pairs } from './panel.js';
import { wordsOf } from './reasons.js';
import { setQuery } from './router.js';
import { copyButton } from './toast.js';

const filterButton = (label, change) => el('button', { type: 'button', class: 'icon-button small', 'aria-label': label, title: label, onclick: () => setQuery(change, { replace: false }) }, icon('filter'));
const eventText = log => [log.eventName, log.eventId && `${log.eventId}`].filter(Boolean).join(' · ');

/** Everything that one log record says. */
export function logDetails(log) {
  const attributes = Object.entries(log.attributes ?? {});
  const reason = log.attributes?.Reason;
  return [
    el('p', { class: 'message' }, log.message), reason && wordsOf(reason) !== reason && el('p', { class: 'muted' }, icon('shield'), ` ${wordsOf(reason)}`),
    log.traceId && el('div', { class: 'button-row' }, el('a', { class: 'button', href: `/traces/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ''}` }, icon('traces'), 'See its trace'),
      el('button', { type: 'button', class: 'button', onclick: () => setQuery({ trace: log.traceId }, { replace: false }) }, icon('filter'), 'Only this trace')),
    pairs([
      ['Time', timeOf(log.time)], ['Level', levelMark(log.level)],
      ['Resource', el('a', { href: `/resources/${encodeURIComponent(log.resource)}` }, log.resource), filterButton(`Only ${log.resource}`, { resource: log.resource })],
      log.instance && ['Instance', el('code', null, log.instance)],
      ['Category', el('code', null, log.category), filterButton('Only this category', { category: log.category })],
      eventText(log) && ['Event', el('code', null, eventText(log)), log.eventName && filterButton('Only this event', { event: log.eventName })],
      log.traceId && ['Trace', el('code', { title: log.traceId }, shortId(log.traceId), '…'), copyButton(() => log.traceId, 'Trace id')],
      log.spanId && ['Span', el('code', null, log.spanId)],
    ].filter(Boolean)),
    log.exception && el('section', null, el('h3', null, 'Exception', copyButton(() => log.exception, 'Exception')), el('pre', { tabindex: '0' }, log.exception)),
    attributes.length > 0 && el('section', null, el('h3', null, 'Attributes'), pairs(attributes.map(([name, value]) => [name, el('code', null, String(value))]))),
  ];
}
