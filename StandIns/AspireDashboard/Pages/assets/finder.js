// Where a word occurs among the lines that are here; what is older is fetched when the search goes back beyond them.

const MOST = 20000;

export class Finder {
  matches = [];
  at = -1;
  current = null;

  constructor(tail, list, word, signal, changed) {
    Object.assign(this, { tail, list, word, signal, changed });
  }

  forget() {
    this.current = null;
    this.search();
  }

  search() {
    const word = this.word().toLowerCase();
    this.matches = [];
    if (word) {
      const { items } = this.tail;
      for (let i = 0; i < items.length && this.matches.length < MOST; i++) if ((items[i].low ??= items[i].text.toLowerCase()).includes(word)) this.matches.push(i);
    }
    this.at = this.current ? this.matches.findIndex(i => this.tail.items[i] === this.current) : -1;
    this.changed();
  }

  /** To the next match (or with -1 the one before), from the last one or from what is in sight. */
  async step(by) {
    if (!this.word()) return;
    if (this.matches.length === 0 || (by < 0 && this.at === 0)) await this.#older();
    if (this.matches.length === 0) return;
    let next = this.at + by;
    if (this.at < 0) {
      const [first, last] = this.list.range;
      next = by > 0 ? this.matches.findIndex(i => i >= first) : this.matches.findLastIndex(i => i <= last);
    }
    this.at = (next + this.matches.length) % this.matches.length;
    this.current = this.tail.items[this.matches[this.at]];
    this.list.follow = false;
    this.list.redraw();
    this.list.reveal(this.matches[this.at], { centre: true });
    this.changed();
  }

  async #older() {
    const before = this.matches.length;
    while (this.matches.length === before) {
      const came = await this.tail.older(this.signal);
      if (came === 0) return;
      this.list.update(this.tail.items, came);
      this.search();
    }
  }
}
