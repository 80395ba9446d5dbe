/** Round numbers between two ends, about as many as asked for, no closer than `least`. */
export function niceTicks(from, to, wanted, least = 0) {
  const span = to - from;
  if (!(span > 0)) return [from];
  const rough = Math.max(span / wanted, least);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, ...(least ? [] : [2.5]), 5, 10].map(factor => factor * power).find(one => one >= rough);
  const ticks = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** Whole local times between two moments. */
export function timeTicks(from, to, wanted) {
  const steps = [5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3, 1800e3, 3600e3];
  const step = steps.find(one => (to - from) / one <= wanted) ?? steps.at(-1);
  const ticks = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) ticks.push(t);
  return { ticks, step };
}
