import { el } from './dom.js';

// Numbers and times as people read them; the exact value stays one hover away.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const shortClock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });

export const count = n => whole.format(n ?? 0);

/** "1 span", "1,234 spans". */
export const counted = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** A number with as many digits as it deserves. */
export function short(n) {
  if (n === null || n === undefined || !Number.isFinite(n)) return '–';
  const size = Math.abs(n);
  if (size === 0) return '0';
  if (size >= 1e9) return `${(n / 1e9).toPrecision(3)} G`;
  if (size >= 1e6) return `${(n / 1e6).toPrecision(3)} M`;
  if (size >= 1e4) return `${(n / 1e3).toPrecision(3)} k`;
  if (size >= 100) return whole.format(n);
  return String(Number(n.toPrecision(size < 0.001 ? 1 : 3)));
}

/** Milliseconds as a duration. */
export function duration(ms) {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return '–';
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${Math.max(1, Math.round(ms * 1000))} µs`;
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60e3) return `${(ms / 1000).toFixed(ms < 10e3 ? 2 : 1)} s`;
  const minutes = Math.floor(ms / 60e3);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60e3) / 1000)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function bytes(n) {
  if (n === null || n === undefined) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let i = 0;
  let value = n;
  while (Math.abs(value) >= 1000 && i < units.length - 1) {
    value /= 1000;
    i++;
  }
  return `${i === 0 ? Math.round(value) : value.toPrecision(3)} ${units[i]}`;
}

export const iso = ms => new Date(ms).toISOString();
export const hourMinuteSecond = ms => shortClock.format(ms);

/** A point in time: local and short to the eye, whole and in UTC for a machine and on hover. */
export function timeOf(ms, { precise = true } = {}) {
  if (!ms) return el('span', { class: 'faint' }, '–');
  const at = new Date(ms);
  const old = Date.now() - ms > 20 * 3600e3 ? `${day.format(at)} ` : '';
  return el('time', { datetime: at.toISOString(), title: `${at.toISOString()} (${duration(Math.max(0, Date.now() - ms))} ago)` }, old + (precise ? clock : shortClock).format(at));
}

/** The head of a trace or span id. */
export const shortId = id => (id ?? '').slice(0, 8);
