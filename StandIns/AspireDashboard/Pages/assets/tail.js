import { get } from './api.js';

/**
 * A window into a list that grows on the server: the newest part first, then what comes, and older parts when they are
 * scrolled to. It holds no more than `capacity`; beyond it the far end is let go.
 */
export class Tail {
  items = [];
  first = 0;
  last = 0;
  reachedStart = false;
  #cursor = 0;
  #before = null;

  constructor({ path, field, page, capacity, parameters }) {
    Object.assign(this, { path, field, page, capacity, parameters });
  }

  #ask(more, signal) {
    return get(this.path, { ...this.parameters(), limit: this.page, ...more }, signal);
  }

  #noted(answer, found) {
    this.answer = answer;
    this.first = answer.first ?? 0;
    this.last = answer.last ?? 0;
    return found;
  }

  /** Begins anew with the newest. */
  async newest(signal) {
    const answer = await this.#ask({}, signal);
    const found = this.#noted(answer, answer[this.field]);
    this.items = found;
    this.reachedStart = found.length < this.page;
    this.#cursor = Math.max(this.last, found.at(-1)?.seq ?? 0);
  }

  /** Fetches what came since; answers how many were let go at the front. */
  async more(signal) {
    let gone = 0;
    for (let round = 0; round < 5; round++) {
      const answer = await this.#ask({ after: this.#cursor }, signal);
      const found = this.#noted(answer, answer[this.field]);
      // The host was started anew: its numbers begin again.
      if (this.last < this.#cursor) {
        const before = this.items.length;
        await this.newest(signal);
        return before;
      }
      for (const item of found) this.items.push(item);
      gone += this.#trim();
      const full = found.length >= this.page;
      this.#cursor = full ? found.at(-1).seq : Math.max(this.#cursor, this.last);
      if (!full) return gone;
    }
    // Too far behind (the tab slept): what lies between is not worth fetching line by line.
    gone = this.items.length;
    await this.newest(signal);
    return gone;
  }

  #trim() {
    const gone = Math.max(0, this.items.length - this.capacity);
    if (gone > 0) {
      this.items.splice(0, gone);
      this.reachedStart = false;
    }
    return gone;
  }

  /** Fetches a part that is older; answers how many came at the front. One such question at a time. */
  async older(signal) {
    if (this.reachedStart || this.items.length >= this.capacity) return 0;
    if (this.#before) return await this.#before;
    const oldest = this.items[0]?.seq;
    if (oldest === undefined) return 0;
    this.#before = (async () => {
      const answer = await this.#ask({ before: oldest }, signal);
      const found = this.#noted(answer, answer[this.field]);
      if (this.items[0]?.seq !== oldest) return 0;
      this.items.unshift(...found);
      this.reachedStart = found.length < this.page;
      return found.length;
    })();
    try {
      return await this.#before;
    } finally {
      this.#before = null;
    }
  }
}
