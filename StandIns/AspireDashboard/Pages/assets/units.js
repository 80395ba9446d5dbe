import { bytes, duration, short } from './format.js';

/** How values of an instrument are written: seconds as milliseconds, bytes as MB, `{request}` as request. */
export function writer(unit, { rate = false } = {}) {
  const name = /^\{(.+)\}$/.exec(unit ?? '')?.[1]?.replaceAll('_', ' ');
  if (rate) {
    // Seconds of work in a second: parts of one core.
    if (unit === 's') return value => `${short(value * 100)} %`;
    if (unit === 'By') return value => `${bytes(value)}/s`;
    return value => `${short(value)}${name ? ` ${name}` : ''}/s`;
  }
  if (unit === 's') return value => duration(value * 1000);
  if (unit === 'ms') return duration;
  if (unit === 'us') return value => duration(value / 1000);
  if (unit === 'ns') return value => duration(value / 1e6);
  if (unit === 'By') return bytes;
  if (unit === '%') return value => `${short(value)} %`;
  return value => `${short(value)}${name ? ` ${name}` : ''}`;
}

/** The same, as short as an axis wants it. */
export function axisWriter(unit, options = {}) {
  const write = writer(/^\{.+\}$/.test(unit ?? '') ? '' : unit, options);
  return value => value === 0 ? '0' : write(value).replace(/(\.\d*?)0+(?= )/, '$1').replace(/\.(?= )/, '').replace(/\/s$/, unit === 'By' ? '/s' : '');
}
