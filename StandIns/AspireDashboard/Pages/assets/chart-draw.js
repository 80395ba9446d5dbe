import { svg } from './dom.js';
import { hourMinuteSecond } from './format.js';
import { niceTicks, timeTicks } from './scale.js';

const LEFT = 62;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 24;

/** Maps times and values to the drawing: the plot of a chart of this size. */
export function plotOf({ width, height, from, to, most, whole }) {
  const inner = { left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
  const ticks = niceTicks(0, most > 0 ? most : 1, Math.max(2, Math.floor((inner.bottom - inner.top) / 46)), whole ? 1 : 0);
  const last = ticks.at(-1);
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  const top = most > last * 1.0001 ? last + step : last || 1;
  if (top > last) ticks.push(top);
  return {
    ...inner, width, height, from, to, ticks, top,
    x: t => inner.left + (inner.right - inner.left) * (t - from) / (to - from || 1),
    y: value => inner.bottom - (inner.bottom - inner.top) * value / top,
  };
}

export function axes(plot, write) {
  const { ticks, step } = timeTicks(plot.from, plot.to, Math.max(2, Math.floor((plot.right - plot.left) / 70)));
  return [
    plot.ticks.map(value => [svg('line', { class: value === 0 ? 'base' : 'grid', x1: plot.left, x2: plot.right, y1: plot.y(value), y2: plot.y(value) }),
      svg('text', { class: 'axis', x: plot.left - 8, y: plot.y(value) + 4, 'text-anchor': 'end' }, write(value))]),
    ticks.map(t => svg('text', { class: 'axis', x: Math.min(plot.right - 14, Math.max(plot.left + 14, plot.x(t))), y: plot.height - 6, 'text-anchor': 'middle' }, hourMinuteSecond(t).slice(0, step < 60e3 ? 8 : 5))),
  ];
}

const round = value => Math.round(value * 10) / 10;

/** A line that breaks where nothing was measured; a lone point is a dot. */
function line(series, plot) {
  let path = '';
  const dots = [];
  const { points } = series;
  for (let i = 0; i < points.length; i++) {
    const [t, value] = points[i];
    if (value === null || value === undefined) continue;
    const begins = i === 0 || points[i - 1][1] === null || points[i - 1][1] === undefined;
    const ends = i === points.length - 1 || points[i + 1][1] === null || points[i + 1][1] === undefined;
    path += `${begins ? 'M' : 'L'}${round(plot.x(t))} ${round(plot.y(value))}`;
    if (begins && ends) dots.push(svg('circle', { class: `${series.colour} dot`, cx: plot.x(t), cy: plot.y(value), r: 2.5 }));
  }
  return [svg('path', { class: `${series.colour} series`, d: path, 'stroke-dasharray': series.dash }), dots];
}

/** Bars upon each other, one colour a series. */
function bars(shown, plot, resolution) {
  const wide = Math.max(1.5, (plot.right - plot.left) * resolution / (plot.to - plot.from || 1) - 1.5);
  const heights = new Map();
  return shown.map(series => {
    let path = '';
    for (const [t, value] of series.points) {
      if (!value) continue;
      const below = heights.get(t) ?? 0;
      heights.set(t, below + value);
      const x = Math.max(plot.left, plot.x(t));
      const y = plot.y(below + value);
      path += `M${round(x)} ${round(plot.y(below))}V${round(y)}H${round(Math.min(plot.right, x + wide))}V${round(plot.y(below))}Z`;
    }
    return svg('path', { class: `${series.colour} stack`, d: path });
  });
}

export const drawSeries = (shown, plot, { stacked, resolution }) => stacked ? bars(shown, plot, resolution) : shown.map(series => line(series, plot));

/** The highest value there is, or the highest pile. */
export function mostOf(shown, stacked) {
  let most = 0;
  const piles = new Map();
  for (const { points } of shown) {
    for (const [t, value] of points) {
      if (!Number.isFinite(value)) continue;
      const pile = stacked ? (piles.get(t) ?? 0) + value : value;
      piles.set(t, pile);
      most = Math.max(most, pile);
    }
  }
  return most;
}
