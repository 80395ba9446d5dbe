/**
 * The spans of a trace as a tree. A span whose parent has not arrived (or never will: it was dropped) stands at the top;
 * a ring of parents, which only a forger makes, is cut where it closes.
 */
export function treeOf(spans) {
  const byId = new Map(spans.map(span => [span.spanId, { span, children: [], parent: null, depth: 0, size: 0, failed: false }]));
  const roots = [];
  for (const node of byId.values()) {
    const parent = byId.get(node.span.parentId);
    let ring = parent === node;
    for (let up = parent; up && !ring; up = up.parent) ring = up === node;
    if (!parent || ring) roots.push(node);
    else {
      node.parent = parent;
      parent.children.push(node);
    }
  }
  // With a stack, not by recursion: a chain of thousands of spans must not end the page.
  const order = [];
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack.pop();
    node.depth = node.parent ? node.parent.depth + 1 : 0;
    order.push(node);
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]);
  }
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i];
    node.failed = node.span.status === 'error' || node.children.some(child => child.failed);
    node.size = node.children.reduce((sum, child) => sum + child.size + 1, 0);
  }
  return { order, byId };
}

/** The nodes that show when some are folded. */
export function visible(order, folded) {
  const shown = [];
  let hiddenBelow = Infinity;
  for (const node of order) {
    if (node.depth > hiddenBelow) continue;
    hiddenBelow = folded.has(node.span.spanId) ? node.depth : Infinity;
    shown.push(node);
  }
  return shown;
}

/** How long each service itself was at work: the time of its spans less that of their children, overlaps counted once. */
export function breakdown(order) {
  const own = new Map();
  for (const { span, children } of order) {
    let busy = 0;
    let until = span.start;
    for (const child of children.map(one => one.span).sort((a, b) => a.start - b.start)) {
      const from = Math.max(child.start, until);
      const to = Math.min(child.start + child.duration, span.start + span.duration);
      if (to > from) {
        busy += to - from;
        until = to;
      }
    }
    const entry = own.get(span.resource) ?? { resource: span.resource, time: 0, spans: 0, errors: 0 };
    entry.time += Math.max(0, span.duration - busy);
    entry.spans++;
    if (span.status === 'error') entry.errors++;
    own.set(span.resource, entry);
  }
  return [...own.values()].sort((a, b) => b.time - a.time);
}
