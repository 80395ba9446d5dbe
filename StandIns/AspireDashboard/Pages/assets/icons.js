import { svg } from './dom.js';

// Drawn on a grid of 20, one stroke. A state has a shape as well as a colour: colour alone tells nothing to some.
const PATHS = {
  check: 'M4.5 10.5 8 14l7.5-8', cross: 'M5.5 5.5l9 9M14.5 5.5l-9 9', alert: 'M10 3 2.5 16.5h15zM10 8v4M10 14.3v.01',
  dot: 'M10 10h.01', wait: 'M10 3.5a6.5 6.5 0 1 0 .01 0M10 6.5V10l2.5 1.5', spin: 'M10 3.5a6.5 6.5 0 1 1-6.5 6.5', square: 'M6 6h8v8H6z',
  play: 'M6.5 4.5 15 10l-8.5 5.5z', stop: 'M5.5 5.5h9v9h-9z', restart: 'M15.5 8A6 6 0 1 0 16 11M15.8 4v4h-4',
  project: 'M3 5.5 10 2l7 3.5v9L10 18l-7-3.5zM3 5.5l7 3.5 7-3.5M10 9v9', job: 'M4 4h12v12H4zM7.5 10l2 2 3.5-4',
  postgres: 'M3.5 5c0-3.3 13-3.3 13 0v10c0 3.3-13 3.3-13 0zM3.5 5c0 3.3 13 3.3 13 0M3.5 10c0 3.3 13 3.3 13 0', redis: 'M11 2.5 4.5 11.5h5L8.5 17.5 15.5 8.5h-5z',
  copy: 'M7 7h9v9H7zM13 7V4H4v9h3', download: 'M10 3v9M6 8.5l4 4 4-4M4 16.5h12', link: 'M8 6H5v9h9v-3M11 4h5v5M16 4l-7 7',
  sun: 'M10 6.5a3.5 3.5 0 1 0 .01 0M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M15.7 4.3l-1.1 1.1M5.4 14.6l-1.1 1.1',
  moon: 'M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z', system: 'M3 4h14v9H3zM7 17h6M10 13v4', help: 'M7.5 7.5a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.8M10 14.5v.01M10 2.5a7.5 7.5 0 1 0 .01 0',
  out: 'M12 4H4v12h8M9 10h8M14 7l3 3-3 3', lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9', up: 'M5 12l5-5 5 5', down: 'M5 8l5 5 5-5', right: 'M8 5l5 5-5 5',
  search: 'M9 3.5a5.5 5.5 0 1 0 .01 0M13 13l4 4', wrap: 'M3 5h14M3 10h11a2.5 2.5 0 0 1 0 5h-3M12.5 13 10.5 15l2 2M3 15h4', pause: 'M7 5v10M13 5v10', filter: 'M3 5h14M6 10h8M8.5 15h3',
  console: 'M2.5 4h15v12h-15zM5.5 7.5 8 10l-2.5 2.5M10 13h4', logs: 'M4 5h.01M7 5h9M4 10h.01M7 10h9M4 15h.01M7 15h6', traces: 'M3 5h9M6 10h8M10 15h7', shield: 'M10 2.5 4 5v4.5c0 3.8 2.6 6.4 6 8 3.4-1.6 6-4.2 6-8V5z',
  info: 'M10 2.5a7.5 7.5 0 1 0 .01 0M10 9v5M10 6.3v.01', user: 'M10 4a3 3 0 1 0 .01 0M4 17c0-3.3 2.7-5 6-5s6 1.7 6 5', back: 'M12 5l-5 5 5 5', minus: 'M5 10h10', star: 'M10 3l2.2 4.6 5 .7-3.6 3.5.9 5L10 14.4l-4.5 2.4.9-5L2.8 8.3l5-.7z',
};

/** A small picture beside a word; it says nothing to a screen reader. */
export function icon(name, extra) {
  return svg('svg', { class: extra ? `icon ${extra}` : 'icon', viewBox: '0 0 20 20', 'aria-hidden': 'true' }, svg('path', { d: PATHS[name] ?? PATHS.dot }));
}
