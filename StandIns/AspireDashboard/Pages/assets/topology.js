import { el, svg } from './dom.js';
import { stateChip, toneOf } from './states.js';
import { colourOf } from './store.js';

const WIDTH = 158;
const HEIGHT = 58;
const GAP_X = 56;
const GAP_Y = 22;

/** How far a resource stands from those that wait for nobody. A ring of waits (there is none) ends by the guard. */
function layers(resources) {
  const byName = new Map(resources.map(resource => [resource.name, resource]));
  const depth = new Map();
  const find = (resource, seen) => {
    if (depth.has(resource.name)) return depth.get(resource.name);
    if (seen.has(resource.name)) return 0;
    const next = new Set(seen).add(resource.name);
    const found = Math.max(-1, ...resource.waitsFor.map(name => byName.get(name)).filter(Boolean).map(one => find(one, next))) + 1;
    depth.set(resource.name, found);
    return found;
  };
  for (const resource of resources) find(resource, new Set());
  // Who is waited for only by later ones stands just before them, so that no line runs behind a box.
  for (const resource of [...resources].sort((a, b) => depth.get(b.name) - depth.get(a.name))) {
    const next = Math.min(Infinity, ...resources.filter(other => other.waitsFor.includes(resource.name)).map(other => depth.get(other.name)));
    if (next !== Infinity) depth.set(resource.name, Math.max(depth.get(resource.name), next - 1));
  }
  const columns = [];
  for (const resource of resources) (columns[depth.get(resource.name)] ??= []).push(resource);
  return columns.filter(Boolean);
}

/** Who waits for whom, from left to right; the same in words for those who do not see it. */
export function topology(resources) {
  const columns = layers(resources);
  const tallest = Math.max(...columns.map(column => column.length));
  const height = tallest * (HEIGHT + GAP_Y) - GAP_Y;
  const width = columns.length * (WIDTH + GAP_X) - GAP_X;
  const place = new Map();
  columns.forEach((column, x) => {
    const top = (height - (column.length * (HEIGHT + GAP_Y) - GAP_Y)) / 2;
    column.forEach((resource, y) => place.set(resource.name, { x: x * (WIDTH + GAP_X), y: top + y * (HEIGHT + GAP_Y), resource }));
  });
  const edges = [];
  for (const { x, y, resource } of place.values()) {
    for (const name of resource.waitsFor) {
      const from = place.get(name);
      if (!from) continue;
      const [x1, y1, x2, y2] = [from.x + WIDTH, from.y + HEIGHT / 2, x, y + HEIGHT / 2];
      const bend = GAP_X / 2;
      edges.push(svg('path', { class: `edge ${toneOf(from.resource.state)}`, d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 5} ${y2}`, 'marker-end': 'url(#arrow)' }));
    }
  }
  const drawing = svg('svg', { class: 'edges', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    svg('defs', null, svg('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 6, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' }, svg('path', { d: 'M0 0L8 4L0 8z', class: 'arrowhead' }))), edges);
  const nodes = [...place.values()].map(({ x, y, resource }) => el('li', { style: { left: `${x}px`, top: `${y}px` } },
    el('a', { class: `node ${colourOf(resource.name)}`, href: `/resources/${encodeURIComponent(resource.name)}` }, el('span', { class: 'title' }, resource.name), stateChip(resource.state),
      el('span', { class: 'hidden' }, resource.waitsFor.length > 0 ? `waits for ${resource.waitsFor.join(', ')}` : 'waits for nobody'))));
  return el('figure', { class: 'panel topology', 'aria-label': 'Who waits for whom' }, el('figcaption', null, el('h2', null, 'Who waits for whom')), el('div', { class: 'canvas', style: { width: `${width}px`, height: `${height}px` } }, drawing, el('ul', null, nodes)));
}
