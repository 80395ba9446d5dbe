// The address is the state: what is filtered, chosen and followed stands in it, so a view can be reloaded and sent on.

const PAGES = [
  [/^\/$/, 'resources'],
  [/^\/resources\/([^/]+)\/?$/, 'resource'],
  [/^\/console(?:\/([^/]+))?\/?$/, 'console'],
  [/^\/logs\/?$/, 'logs'],
  [/^\/traces\/?$/, 'traces'],
  [/^\/traces\/([0-9a-fA-F]{32})\/?$/, 'trace'],
  [/^\/metrics\/?$/, 'metrics'],
  [/^\/security\/?$/, 'security'],
];

const navigated = new EventTarget();

function decode(text) {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text; // Not an encoded name; it will not be found, and the page says so.
  }
}

export function currentRoute() {
  for (const [pattern, page] of PAGES) {
    const match = pattern.exec(location.pathname);
    if (match) return { page, name: decode(match[1]), query: new URLSearchParams(location.search) };
  }
  return { page: 'missing', query: new URLSearchParams() };
}

/** Goes to an address of the dashboard. */
export function go(address, { replace = false } = {}) {
  if (address !== location.pathname + location.search) history[replace ? 'replaceState' : 'pushState'](null, '', address);
  navigated.dispatchEvent(new Event('go'));
}

/** Changes some of what stands behind the question mark; empty values are taken out. */
export function setQuery(changes, { replace = true } = {}) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '' && one !== false) query.append(name, String(one));
    }
  }
  const text = query.toString();
  go(location.pathname + (text ? `?${text}` : ''), { replace });
}

/** Calls at every change of the address, and takes clicks on links within the dashboard. */
export function startRouter(changed) {
  addEventListener('popstate', changed);
  navigated.addEventListener('go', changed);
  document.addEventListener('click', event => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.('a[href]');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || link.hash) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
