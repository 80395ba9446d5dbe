import { FixedRows, MeasuredRows } from './offsets.js';
import { el } from './dom.js';

const BEYOND = 8;

/**
 * A list of which only the rows in sight exist. `items` is any array; rows are remembered by item, so what is on the
 * screen is not made again when lines come or go around it, and text that is selected stays selected.
 */
export class VirtualList {
  #drawn = new Map();
  #frame = 0;
  #layer = el('div', { class: 'rows', role: 'rowgroup' });

  constructor(scroller, { rowHeight, measured = false, render, scrolled, signal }) {
    this.scroller = scroller;
    this.render = render;
    this.scrolled = scrolled;
    this.items = [];
    this.rows = measured ? new MeasuredRows(rowHeight) : new FixedRows(rowHeight);
    this.measured = measured;
    scroller.append(this.#layer);
    scroller.addEventListener('scroll', () => this.#plan(), { passive: true, signal });
    const observer = new ResizeObserver(() => {
      if (this.measured) this.rows.forget();
      this.draw();
    });
    observer.observe(scroller);
    signal.addEventListener('abort', () => {
      observer.disconnect();
      cancelAnimationFrame(this.#frame);
    });
  }

  get layer() { return this.#layer; }

  /** Other rules for the height of rows: one for all, or as high as their text wants. */
  layout(rowHeight, measured) {
    this.rows = measured ? new MeasuredRows(rowHeight) : new FixedRows(rowHeight);
    this.measured = measured;
    this.redraw();
  }

  /** The items have changed; `before` says how many came (or, negative, went) at the front, so that the view stays where it is. */
  update(items, before = 0) {
    this.items = items;
    this.scroller.ariaRowCount = String(items.length);
    if (before !== 0) {
      const moved = this.rows.shift(before);
      this.rows.resize(items.length);
      this.#layer.style.height = `${this.rows.total()}px`;
      this.scroller.scrollTop += moved;
    }
    this.#plan();
  }

  /** Makes every row in sight anew. */
  redraw() {
    this.#drawn.clear();
    this.#layer.replaceChildren();
    this.draw();
  }

  #plan() {
    this.#frame ||= requestAnimationFrame(() => this.draw());
  }

  get range() {
    const { scrollTop, clientHeight } = this.scroller;
    this.rows.resize(this.items.length);
    return [this.rows.indexAt(scrollTop), Math.min(this.items.length - 1, this.rows.indexAt(scrollTop + clientHeight))];
  }

  draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.rows.resize(this.items.length);
    if (this.follow) this.#toEnd();
    const [first, last] = this.range;
    const kept = new Map();
    let cursor = this.#layer.firstChild;
    for (let i = Math.max(0, first - BEYOND); i <= Math.min(this.items.length - 1, last + BEYOND); i++) {
      const item = this.items[i];
      const row = this.#drawn.get(item) ?? this.render(item, i);
      kept.set(item, row);
      row.style.transform = `translateY(${this.rows.top(i)}px)`;
      row.ariaRowIndex = String(i + 1);
      if (row === cursor) cursor = cursor.nextSibling;
      else this.#layer.insertBefore(row, cursor);
    }
    for (const [item, row] of this.#drawn) if (!kept.has(item)) row.remove();
    this.#drawn = kept;
    this.#layer.style.height = `${this.rows.total()}px`;
    if (this.measured && this.#measure(Math.max(0, first - BEYOND), first)) this.#plan();
    if (this.follow) this.#toEnd();
    this.#pointAtActive();
    this.scrolled?.(first, last);
  }

  // Rows above the view that turn out higher than thought would push it down, so the view moves with them.
  #measure(from, first) {
    let changed = false;
    let moved = 0;
    let i = from;
    for (const row of this.#drawn.values()) {
      const by = this.rows.measure(i, row.offsetHeight);
      changed ||= by !== 0;
      if (i < first) moved += by;
      i++;
    }
    if (moved !== 0 && !this.follow) this.scroller.scrollTop += moved;
    return changed;
  }

  // `active` is the id of the row that the keyboard is at; one that is out of sight does not exist and is not pointed at.
  #pointAtActive() {
    const row = this.active && this.#layer.querySelector(`#${CSS.escape(this.active)}`);
    if (row) this.scroller.setAttribute('aria-activedescendant', this.active);
    else this.scroller.removeAttribute('aria-activedescendant');
  }

  #toEnd() {
    this.#layer.style.height = `${this.rows.total()}px`;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  get atEnd() {
    return this.scroller.scrollTop + this.scroller.clientHeight >= this.scroller.scrollHeight - 4;
  }

  /** Brings a row into sight, no further than needed. */
  reveal(index, { centre = false } = {}) {
    this.rows.resize(this.items.length);
    const top = this.rows.top(index);
    const height = this.rows.top(index + 1) - top;
    const { scrollTop, clientHeight } = this.scroller;
    this.#layer.style.height = `${this.rows.total()}px`;
    const edge = this.#layer.offsetTop;
    if (centre) this.scroller.scrollTop = top - clientHeight / 2;
    else if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + height + edge > scrollTop + clientHeight) this.scroller.scrollTop = top + height + edge - clientHeight;
    this.draw();
  }

  rowOf(item) { return this.#drawn.get(item); }
}
