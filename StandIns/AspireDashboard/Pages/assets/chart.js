import { axes, drawSeries, mostOf, plotOf } from './chart-draw.js';
import { el, fill, svg } from './dom.js';
import { hourMinuteSecond, iso } from './format.js';

/**
 * A chart over time. The pointer or the arrow keys show the values of a moment; names below it switch series off; the
 * same numbers are a table for those who hear them. To assistive technology it is a slider along the time.
 */
export class Chart {
  #hidden = new Set();
  #data = null;
  #times = [];
  #at = null;

  constructor(view, { label, height = 220, stacked = false, whole = false, write, axis = write }) {
    Object.assign(this, { label, height, stacked, whole, write, axis });
    this.drawing = svg('svg', { class: 'drawing', height, 'aria-hidden': 'true' });
    this.tip = el('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
    this.plotArea = el('div', { class: 'plot', role: 'slider', tabindex: '0', 'aria-label': `${label}: values over time`, 'aria-valuemin': '0', 'aria-valuemax': '0', 'aria-valuenow': '0', 'aria-valuetext': 'no values', style: { height: `${height}px` } }, this.drawing, this.tip);
    this.legend = el('div', { class: 'legend' });
    this.numbers = el('details', { class: 'numbers' }, el('summary', null, 'Numbers', el('span', { class: 'hidden' }, ` of ${label}`)), el('div', { class: 'table-wrap', tabindex: '0', role: 'region', 'aria-label': `Numbers of ${label}` }));
    this.numbers.addEventListener('toggle', () => this.#table());
    this.element = el('div', { class: 'chart' }, this.plotArea, this.legend, this.numbers);
    this.plotArea.addEventListener('pointermove', event => this.#point(event.offsetX, event.target));
    this.plotArea.addEventListener('pointerleave', () => this.#show(null));
    this.plotArea.addEventListener('blur', () => this.#show(null));
    this.plotArea.addEventListener('keydown', event => this.#key(event));
    const observer = new ResizeObserver(() => this.draw());
    observer.observe(this.plotArea);
    view.signal.addEventListener('abort', () => observer.disconnect());
  }

  /** `series`: [{ name, colour, points: [[t, value or null]] }]. */
  set(data) {
    this.#data = data;
    this.#times = [...new Set(data.series.flatMap(series => series.points.map(point => point[0])))].sort((a, b) => a - b);
    this.plotArea.setAttribute('aria-valuemax', String(Math.max(0, this.#times.length - 1)));
    this.#drawLegend();
    this.draw();
    if (this.numbers.open) this.#table();
  }

  get #shown() { return this.#data.series.filter(series => !this.#hidden.has(series.name)); }

  draw() {
    const width = this.plotArea.clientWidth;
    if (!this.#data || width === 0) return;
    const { from, to, resolution } = this.#data;
    const plot = this.plot = plotOf({ width, height: this.height, from, to, most: mostOf(this.#shown, this.stacked), whole: this.whole });
    this.drawing.setAttribute('width', width);
    this.drawing.setAttribute('viewBox', `0 0 ${width} ${this.height}`);
    this.cross = svg('line', { class: 'cross', y1: plot.top, y2: plot.bottom, visibility: 'hidden' });
    const nothing = this.#shown.every(series => series.points.every(point => !Number.isFinite(point[1])));
    fill(this.drawing, axes(plot, this.axis), drawSeries(this.#shown, plot, { stacked: this.stacked, resolution }), this.cross,
      nothing && svg('text', { class: 'nothing', x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2, 'text-anchor': 'middle' }, 'Nothing in this time'));
    if (this.#at !== null) this.#show(Math.min(this.#at, this.#times.length - 1));
  }

  #drawLegend() {
    const { series } = this.#data;
    const key = series.map(one => `${one.name} ${one.colour}`).join('|');
    if (key === this.legendKey) return;
    this.legendKey = key;
    this.legend.hidden = series.length < 2;
    fill(this.legend, series.map(one => el('button', { type: 'button', class: `key ${one.colour}`, 'aria-pressed': String(!this.#hidden.has(one.name)), title: 'Show or hide', onclick: event => {
      if (!this.#hidden.delete(one.name)) this.#hidden.add(one.name);
      event.currentTarget.setAttribute('aria-pressed', String(!this.#hidden.has(one.name)));
      this.draw();
    } }, el('span', { class: 'swatch' }), one.name)));
  }

  #point(x, target) {
    if (!this.plot || target.closest('.tip') || this.#times.length === 0) return;
    const t = this.plot.from + (this.plot.to - this.plot.from) * (x - this.plot.left) / (this.plot.right - this.plot.left) - (this.stacked ? this.#data.resolution / 2 : 0);
    let best = 0;
    for (let i = 1; i < this.#times.length; i++) if (Math.abs(this.#times[i] - t) < Math.abs(this.#times[best] - t)) best = i;
    this.#show(best);
  }

  #key(event) {
    const last = this.#times.length - 1;
    const now = this.#at ?? last;
    const next = { ArrowLeft: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, ArrowDown: now - 1, Home: 0, End: last, PageUp: now + 10, PageDown: now - 10 }[event.key];
    if (event.key === 'Escape') this.#show(null);
    else if (next === undefined || last < 0) return;
    else this.#show(this.#at === null ? last : Math.max(0, Math.min(last, next)));
    event.preventDefault();
  }

  #valuesAt(t) {
    return this.#shown.map(series => [series, series.points.find(point => point[0] === t)?.[1]]).filter(([, value]) => this.stacked ? value > 0 : Number.isFinite(value));
  }

  #show(at) {
    this.#at = at;
    this.tip.hidden = at === null || at < 0;
    this.cross?.setAttribute('visibility', this.tip.hidden ? 'hidden' : 'visible');
    if (this.tip.hidden || !this.plot) return;
    const t = this.#times[at];
    const values = this.#valuesAt(t);
    const x = this.plot.x(t) + (this.stacked ? (this.plot.right - this.plot.left) * this.#data.resolution / (this.plot.to - this.plot.from || 1) / 2 : 0);
    this.cross.setAttribute('x1', x);
    this.cross.setAttribute('x2', x);
    fill(this.tip, el('p', null, hourMinuteSecond(t)), values.length === 0 && el('p', { class: 'faint' }, 'nothing'),
      values.toSorted((a, b) => b[1] - a[1]).slice(0, 10).map(([series, value]) => el('div', { class: series.colour }, el('span', { class: 'swatch' }), el('span', { class: 'of' }, series.name), el('span', { class: 'number' }, this.write(value)))));
    const right = x > this.plot.width / 2;
    this.tip.style.setProperty('left', right ? 'auto' : `${x + 12}px`);
    this.tip.style.setProperty('right', right ? `${this.plot.width - x + 12}px` : 'auto');
    this.plotArea.setAttribute('aria-valuenow', String(at));
    this.plotArea.setAttribute('aria-valuetext', `${hourMinuteSecond(t)}: ${values.map(([series, value]) => `${series.name} ${this.write(value)}`).join(', ') || 'nothing'}`);
  }

  #table() {
    if (!this.numbers.open || !this.#data) return;
    const { series } = this.#data;
    const cells = series.map(one => new Map(one.points));
    fill(this.numbers.lastElementChild, el('table', { class: 'plain' }, el('caption', { class: 'hidden' }, this.label),
      el('thead', null, el('tr', null, el('th', { scope: 'col' }, 'Time'), series.map(one => el('th', { scope: 'col' }, one.name)))),
      el('tbody', null, this.#times.toReversed().map(t => el('tr', null, el('th', { scope: 'row' }, el('time', { datetime: iso(t) }, hourMinuteSecond(t))),
        cells.map(values => el('td', { class: 'number' }, Number.isFinite(values.get(t)) ? this.write(values.get(t)) : '–')))))));
  }
}
