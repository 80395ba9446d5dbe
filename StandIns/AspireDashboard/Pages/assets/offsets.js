// Where rows begin. One kind where all are equally high, one where each is as high as its text.

export class FixedRows {
  #height;
  #count = 0;

  constructor(height) { this.#height = height; }
  resize(count) { this.#count = count; }
  shift(by) { return by * this.#height; }
  top(index) { return index * this.#height; }
  total() { return this.#count * this.#height; }
  indexAt(y) { return Math.max(0, Math.min(this.#count - 1, Math.floor(y / this.#height))); }
  measure() { return 0; }
  forget() { }
}

export class MeasuredRows {
  #guess;
  #heights = [];
  #tops = null;

  constructor(guess) { this.#guess = guess; }

  resize(count) {
    if (count === this.#heights.length) return;
    while (this.#heights.length < count) this.#heights.push(this.#guess);
    this.#heights.length = count;
    this.#tops = null;
  }

  shift(by) {
    this.#tops = null;
    if (by > 0) {
      this.#heights = Array(by).fill(this.#guess).concat(this.#heights);
      return by * this.#guess;
    }
    return -this.#heights.splice(0, -by).reduce((sum, height) => sum + height, 0);
  }

  // Summed anew after a change: fifty thousand additions take less time than drawing one row.
  #sums() {
    if (this.#tops) return this.#tops;
    const tops = new Float64Array(this.#heights.length + 1);
    for (let i = 0; i < this.#heights.length; i++) tops[i + 1] = tops[i] + this.#heights[i];
    return this.#tops = tops;
  }

  top(index) { return this.#sums()[Math.min(index, this.#heights.length)]; }
  total() { return this.top(this.#heights.length); }

  indexAt(y) {
    const tops = this.#sums();
    let low = 0;
    let high = this.#heights.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (tops[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  measure(index, height) {
    const by = height - this.#heights[index];
    if (by !== 0) {
      this.#heights[index] = height;
      this.#tops = null;
    }
    return by;
  }

  forget() {
    this.#heights.fill(this.#guess);
    this.#tops = null;
  }
}
