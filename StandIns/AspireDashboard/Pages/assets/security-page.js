import { get } from './api.js';
import { Chart } from './chart.js';
import { el, fill, setText } from './dom.js';
import { count, counted, short, shortId, timeOf } from './format.js';
import { icon } from './icons.js';
import { minutesOf, rangeChoice } from './range.js';
import { colourOfReason, eventWords, wordsOf } from './reasons.js';
import { colourOf } from './store.js';
import { empty, shopLink } from './view.js';
import { watch } from './watch.js';

const TILES = [
  ['signIns', 'Sign-ins', 'user', ''], ['failures', 'Failed sign-ins', 'cross', 'warn'], ['lockouts', 'Lockouts', 'lock', 'warn'],
  ['refusals', 'Refusals', 'stop', 'warn'], ['limits', 'Limits hit', 'wait', 'warn'], ['forgedTokens', 'Forged tokens', 'alert', 'bad'],
];

const tile = (totals, [key, name, picture, tone]) => el('div', { class: `tile ${totals[key] > 0 ? tone : ''}` }, el('dt', null, icon(picture), name), el('dd', null, count(totals[key])));

const reasonsText = reasons => Object.entries(reasons ?? {}).sort((a, b) => b[1] - a[1]).map(([reason, n]) => `${wordsOf(reason)} ${count(n)}`).join(', ');

/** Who was refused most: name, a bar whose parts are the reasons, the number. */
function ranking(title, list, nameOf, none) {
  const most = Math.max(1, ...list.map(one => one.count));
  return el('section', { class: 'panel' }, el('h2', null, title), list.length === 0 ? el('p', { class: 'muted' }, none) : el('ol', { class: 'ranking' }, list.map(one => el('li', null,
    el('div', { class: 'ranked' }, nameOf(one), el('span', { class: 'number', title: 'refused' }, count(one.count))),
    el('div', { class: 'parts', 'aria-hidden': 'true', style: { width: `${Math.max(2, 100 * one.count / most)}%` } }, Object.entries(one.reasons ?? {}).map(([reason, n]) => el('span', { class: colourOfReason(reason), title: `${wordsOf(reason)}: ${count(n)}`, style: { 'flex-grow': n } }))),
    el('p', { class: 'faint' }, reasonsText(one.reasons), ' · last ', timeOf(one.last, { precise: false }))))));
}

function limitsPanel(limits) {
  return el('section', { class: 'panel' }, el('h2', null, 'Limits hit'), limits.length === 0 ? el('p', { class: 'muted' }, 'No limit was reached.') : el('div', { class: 'table-wrap' }, el('table', { class: 'plain' }, el('caption', { class: 'hidden' }, 'Limits hit'),
    el('thead', null, el('tr', null, ['Class', 'Counted by', 'Times', 'Last'].map(head => el('th', { scope: 'col' }, head)))),
    el('tbody', null, limits.map(limit => el('tr', null, el('th', { scope: 'row' }, limit.class), el('td', null, limit.by), el('td', { class: 'number' }, count(limit.count)), el('td', null, timeOf(limit.last, { precise: false }))))))));
}

const logsOf = log => `/logs?category=${encodeURIComponent(log.category)}&log=${log.seq}`;

function eventRow(log) {
  const a = log.attributes ?? {};
  const who = a.Subject ?? a.Client;
  return el('li', { class: 'event-row', data: { seq: log.seq } }, timeOf(log.time),
    el('span', { class: `who ${colourOf(log.resource)}` }, log.resource),
    el('span', { class: 'reason' }, a.Reason ? el('span', { class: `key-dot ${colourOfReason(a.Reason)}` }) : icon('check', 'good-text'), el('a', { href: logsOf(log), title: `${log.eventName ?? ''} ${log.eventId ?? ''}: ${log.message}` }, eventWords(log))),
    el('span', { class: 'where' }, a.Route && el('code', null, [a.Method, a.Route].filter(Boolean).join(' '))),
    el('span', { class: 'from' }, who && el('code', { title: String(who) }, String(who).slice(0, 13)), who && a.Address && ' ', a.Address && el('code', null, a.Address)),
    log.traceId ? el('a', { class: 'trace-link', href: `/traces/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ''}`, title: `Trace ${log.traceId}` }, shortId(log.traceId)) : el('span'));
}

export function securityPage(view) {
  const summary = el('p', { class: 'summary', 'aria-live': 'polite' });
  const tiles = el('dl', { class: 'tiles' });
  const chart = new Chart(view, { label: 'Refusals by reason', height: 210, stacked: true, whole: true, write: count, axis: short });
  const chartPanel = el('section', { class: 'panel' }, el('h2', null, 'Refusals over time'), chart.element);
  const calm = el('div');
  const rankings = el('div', { class: 'three' });
  const events = el('ol', { class: 'event-list' });
  const eventPanel = el('section', { class: 'panel' }, el('h2', null, 'Latest events ', el('a', { class: 'more', href: '/logs?category=SecureShop.Security' }, 'all of them in the logs')), events);
  view.element.append(...view.heading('Security', summary, el('span', { class: 'push' }, rangeChoice(view, 15))), el('div', { class: 'stack' }, tiles, calm, chartPanel, rankings, eventPanel));
  const rows = new Map();

  /** Rows that are there stay there, so that the list does not flicker and a focused link keeps the focus. */
  function drawEvents(list) {
    const wanted = list.map(log => rows.get(log.seq) ?? eventRow(log));
    rows.clear();
    list.forEach((log, i) => rows.set(log.seq, wanted[i]));
    let cursor = events.firstChild;
    for (const row of wanted) {
      if (row === cursor) cursor = cursor.nextSibling;
      else events.insertBefore(row, cursor);
    }
    while (cursor) {
      const next = cursor.nextSibling;
      cursor.remove();
      cursor = next;
    }
  }

  const watcher = watch(view, ['security'], 1000, async signal => {
    const minutes = minutesOf(view, 15);
    const found = await get('/api/security', { minutes }, signal);
    const { totals } = found;
    fill(tiles, TILES.map(one => tile(totals, one)));
    const quiet = totals.refusals === 0;
    setText(summary, quiet ? `Nothing was refused in the last ${minutes} minutes` : `${counted(totals.refusals, 'refusal')} in the last ${minutes} minutes`);
    chartPanel.hidden = quiet;
    rankings.hidden = quiet;
    if (quiet !== (calm.childElementCount > 0)) {
      fill(calm, quiet && el('div', { class: 'panel calm' }, empty('shield', 'Nothing was refused in this time', 'No forged token, no guessed password, no foreign order. To see how it looks when there is, ask for ', shopLink('/api/orders', 'the orders of the shop'), ' without a token.')));
    }
    if (!quiet) {
      const times = found.refusals.flatMap(one => one.points.map(point => point[0]));
      const to = times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) + found.resolution : Date.now();
      chart.set({ from: to - minutes * 60e3, to, resolution: found.resolution, series: found.refusals.map(one => ({ name: wordsOf(one.reason), colour: colourOfReason(one.reason), points: one.points })) });
      fill(rankings, ranking('Principals refused most', found.principals, one => el('code', { title: one.principal }, el('span', { class: 'tag' }, one.kind), ' ', one.principal), 'No refused request had a known principal.'),
        ranking('Addresses refused most', found.addresses, one => el('code', null, one.address), 'No address was refused.'), limitsPanel(found.limits));
    }
    eventPanel.hidden = found.events.length === 0;
    drawEvents(found.events);
  });
  view.onQuery(watcher.again);
}
