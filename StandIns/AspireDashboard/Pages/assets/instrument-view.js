import { get } from './api.js';
import { Chart } from './chart.js';
import { el, fill } from './dom.js';
import { choice } from './filters.js';
import { icon } from './icons.js';
import { percentileSeries } from './overview.js';
import { minutesOf } from './range.js';
import { setQuery } from './router.js';
import { colourOf } from './store.js';
import { axisWriter, writer } from './units.js';

const STATS = [['p50', 'Median (p50)', 2], ['p90', 'p90', 3], ['p99', 'p99', 4], ['mean', 'Mean', 5]];
const KINDS = { counter: 'counter', updowncounter: 'level', gauge: 'gauge', histogram: 'histogram' };
const WHERE_MOST = 200;

/** One instrument: what it is, how it is split and filtered, and its charts. */
export function instrumentView(view, instrument, resources) {
  const histogram = instrument.kind === 'histogram';
  const keys = Object.keys(instrument.attributes ?? {}).sort();
  const fields = { by: () => view.query.get('by') ?? '', stat: () => view.query.get('stat') ?? 'p90', where: () => view.query.getAll('where') };
  const rate = instrument.kind === 'counter';
  const main = new Chart(view, { label: instrument.name, height: 280, write: writer(instrument.unit, { rate }), axis: axisWriter(instrument.unit, { rate }) });
  const second = histogram && new Chart(view, { label: `${instrument.name}, number`, height: 150, write: writer('', { rate: true }), axis: axisWriter('', { rate: true }) });
  const cut = el('p', { class: 'muted', hidden: true }, 'There are more than twenty series; the smallest are added up as "other".');
  const note = el('h2');

  const resourceSelect = el('select', { 'aria-label': 'Resource', onchange: event => setQuery({ resource: event.target.value, where: '' }) }, resources.map(name => el('option', { value: name }, name)));
  resourceSelect.value = instrument.resource;
  const split = choice(view, { name: 'by', label: 'Split by', options: [['', 'Not split'], ...keys.map(key => [key, `By ${key}`])] });
  const stat = choice(view, { name: 'stat', label: 'Value', options: STATS.map(([name, text]) => [name, text]), fallback: 'p90' });
  const filters = el('div', { class: 'where' });

  function drawFilters() {
    const chosen = fields.where();
    const select = el('select', { 'aria-label': 'Only where', onchange: event => event.target.value && setQuery({ where: [...chosen, event.target.value] }) }, el('option', { value: '' }, 'Only where…'),
      keys.map(key => el('optgroup', { label: key }, instrument.attributes[key].slice(0, WHERE_MOST).map(value => el('option', { value: `${key}:${value}` }, String(value))))));
    fill(filters, keys.length > 0 && el('label', { class: 'field' }, select),
      chosen.map(one => el('button', { type: 'button', class: 'chip', 'aria-label': `Without ${one}`, onclick: () => setQuery({ where: chosen.filter(other => other !== one) }) }, one.replace(':', ' = '), icon('cross'))));
    stat.hidden = !histogram || fields.by() === '';
    split.hidden = keys.length === 0;
  }

  const element = el('div', { class: 'stack' }, el('section', { class: 'panel' }, el('div', { class: 'instrument-head' }, el('div', null, el('h2', { class: 'instrument-name' }, instrument.name, ' ', el('span', { class: 'tag' }, KINDS[instrument.kind] ?? instrument.kind)), el('p', { class: 'muted' }, instrument.description || 'It has no description.', instrument.unit && ` Unit: ${instrument.unit}`)),
    el('div', { class: 'filters' }, el('label', { class: 'field' }, resourceSelect), split, stat, filters)), main.element, cut), second && el('section', { class: 'panel' }, note, second.element));
  fill(note, 'How many', el('span', { class: 'faint' }, ' per second'));
  drawFilters();
  view.onQuery(drawFilters);

  const named = (series, at, i, answer) => ({ name: series.label || instrument.resource, colour: answer.series.length === 1 && !fields.by() ? colourOf(instrument.resource) : `colour-${(i + 4) % 8}`, points: series.points.map(point => [point[0], point[at]]) });

  async function refresh(signal) {
    const minutes = minutesOf(view, 5);
    const by = fields.by();
    const answer = await get('/api/metrics/series', { resource: instrument.resource, meter: instrument.meter, name: instrument.name, minutes, by, where: fields.where() }, signal);
    const times = answer.series.flatMap(series => series.points.map(point => point[0]));
    const to = times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : Date.now();
    const frame = { from: to - minutes * 60e3, to, resolution: answer.resolution };
    const at = STATS.find(([name]) => name === fields.stat())?.[2] ?? 3;
    main.set({ ...frame, series: histogram && !by ? percentileSeries(answer.series[0]?.points ?? [], answer.resolution) : answer.series.map((series, i) => named(series, histogram ? at : 1, i, answer)) });
    second?.set?.({ ...frame, series: answer.series.map((series, i) => named(series, 1, i, answer)) });
    cut.hidden = !answer.truncated;
  }
  return { element, refresh };
}
