import { get } from './api.js';
import { Chart } from './chart.js';
import { el } from './dom.js';
import { queryOf } from './api.js';
import { colourOfReason, wordsOf } from './reasons.js';
import { colourOf } from './store.js';
import { axisWriter, writer } from './units.js';

// What one looks at first. A card shows where its instrument is there; a service that sends something else loses nothing.

const REQUESTS = ['http.server.request.duration'];
const byName = (instruments, names) => instruments.filter(one => names.includes(one.name));
const ours = (instruments, pattern) => instruments.filter(one => one.meter.startsWith('SecureShop') && pattern.test(one.name) && one.kind === 'counter');
const attribute = (instrument, pattern) => Object.keys(instrument.attributes ?? {}).find(key => pattern.test(key));

/** Adds up series, moment by moment. */
function sum(series) {
  const total = new Map();
  for (const { points } of series) for (const [t, value] of points) total.set(t, (total.get(t) ?? 0) + (value ?? 0));
  return [...total].sort((a, b) => a[0] - b[0]);
}

const ask = (instrument, minutes, by, signal) => get('/api/metrics/series', { resource: instrument.resource, meter: instrument.meter, name: instrument.name, minutes, by }, signal);
const perResource = async (list, minutes, signal, pick) => (await Promise.all(list.map(async one => [one, await ask(one, minutes, pick?.by?.(one), signal)])))
  .map(([one, answer]) => ({ name: one.resource, colour: colourOf(one.resource), points: sum(pick?.series?.(answer) ?? answer.series), resolution: answer.resolution }));

/** Bars wide enough to be seen: services send every few seconds, and the seconds between would be holes. */
function coarse(points, resolution, minutes) {
  const width = Math.max(resolution, minutes * 1000);
  const bars = Map.groupBy(points, ([t]) => Math.floor(t / width) * width);
  return [...bars].map(([t, list]) => [t, list.reduce((total, point) => total + (point[1] ?? 0), 0) * resolution / width]);
}

/** One series for each value of an attribute, over all resources. */
async function split(list, pattern, minutes, signal) {
  const answers = await Promise.all(list.map(one => ask(one, minutes, attribute(one, pattern), signal)));
  const groups = Map.groupBy(answers.flatMap(answer => answer.series), series => series.label);
  return [...groups].map(([label, series]) => ({ name: wordsOf(label), colour: colourOfReason(label), points: coarse(sum(series), answers[0].resolution, minutes), resolution: Math.max(answers[0].resolution, minutes * 1000) }));
}

async function percentiles(instrument, minutes, signal) {
  const answer = await ask(instrument, minutes, '', signal);
  return percentileSeries(answer.series[0]?.points ?? [], answer.resolution);
}

export const percentileSeries = (points, resolution) => [['p99', 4, 'colour-5'], ['p90', 3, 'colour-6'], ['p50', 2, 'colour-4']]
  .map(([name, at, colour]) => ({ name, colour, points: points.map(point => [point[0], point[at]]), resolution }));

const serverError = series => Number(series.attributes?.['http.response.status_code'] ?? series.label) >= 500;
const statusKey = instrument => attribute(instrument, /status_code$/);

/** The cards that these instruments allow: what each is called, how it is written and how it is fetched. */
export function cardsOf(instruments) {
  const requests = byName(instruments, REQUESTS);
  const door = requests.find(one => one.resource === 'gateway') ?? requests[0];
  const cpu = byName(instruments, ['dotnet.process.cpu.time', 'process.cpu.time']);
  const memory = byName(instruments, ['dotnet.process.memory.working_set', 'process.memory.usage']);
  const refusals = ours(instruments, /refus/i);
  const signIns = ours(instruments, /sign.?ins?$/i);
  const limits = ours(instruments, /limit/i);
  const orders = ours(instruments, /\.orders$/i);
  const failing = requests.filter(statusKey);
  return [
    requests.length > 0 && { title: 'Requests', note: 'per second', of: requests[0], unit: '', rate: true, load: (minutes, signal) => perResource(requests, minutes, signal) },
    door && { title: `Latency of ${door.resource}`, note: 'percentiles', of: door, unit: door.unit, load: (minutes, signal) => percentiles(door, minutes, signal) },
    failing.length > 0 && { title: 'Server errors', note: '5xx per second', of: failing[0], unit: '', rate: true, load: (minutes, signal) => perResource(failing, minutes, signal, { by: statusKey, series: answer => answer.series.filter(serverError) }) },
    refusals.length > 0 && { title: 'Refusals', note: 'per second, by reason', of: refusals[0], unit: '', rate: true, stacked: true, load: (minutes, signal) => split(refusals, /reason/i, minutes, signal) },
    signIns.length > 0 && { title: 'Sign-ins', note: 'per second', of: signIns[0], unit: '', rate: true, stacked: true, load: (minutes, signal) => split(signIns, /outcome|result|reason/i, minutes, signal) },
    limits.length > 0 && { title: 'Limits hit', note: 'per second, by class', of: limits[0], unit: '', rate: true, stacked: true, load: (minutes, signal) => split(limits, /class/i, minutes, signal) },
    orders.length > 0 && { title: 'Orders', note: 'per second, by state', of: orders[0], unit: '', rate: true, stacked: true, load: (minutes, signal) => split(orders, /state/i, minutes, signal) },
    cpu.length > 0 && { title: 'Processor', note: 'of one core', of: cpu[0], unit: 's', rate: true, load: (minutes, signal) => perResource(cpu, minutes, signal) },
    memory.length > 0 && { title: 'Memory', note: 'working set', of: memory[0], unit: memory[0].unit, load: (minutes, signal) => perResource(memory, minutes, signal) },
  ].filter(Boolean);
}

/** A card with its chart, and how it is brought up to date. */
export function overviewCard(view, card) {
  const options = { rate: card.rate };
  const chart = new Chart(view, { label: card.title, height: 178, stacked: card.stacked, write: writer(card.unit, options), axis: axisWriter(card.unit, options) });
  const href = `/metrics${queryOf({ resource: card.of.resource, meter: card.of.meter, name: card.of.name, minutes: view.query.get('minutes') })}`;
  const element = el('section', { class: 'panel card' }, el('h2', null, el('a', { href }, card.title), ' ', el('span', { class: 'faint' }, card.note)), chart.element);
  const refresh = async (minutes, signal) => {
    const series = await card.load(minutes, signal);
    const to = Math.max(...series.flatMap(one => one.points.map(point => point[0])), 0) || Date.now();
    chart.set({ series, from: to - minutes * 60e3, to: to + (card.stacked ? series[0]?.resolution ?? 0 : 0), resolution: series[0]?.resolution ?? 5000 });
  };
  return { element, refresh };
}
