import { post } from './api.js';
import { startBanners } from './banners.js';
import { consolePage } from './console-page.js';
import { help } from './dialogs.js';
import { el, fill } from './dom.js';
import { icon } from './icons.js';
import { startKeys } from './keys.js';
import { start } from './live.js';
import { logsPage } from './logs-page.js';
import { metricsPage } from './metrics-page.js';
import { resourcePage } from './resource-page.js';
import { resourcesPage } from './resources-page.js';
import { currentRoute, startRouter } from './router.js';
import { securityPage } from './security-page.js';
import { refreshResources, store, storeChanged } from './store.js';
import { startTheme } from './theme.js';
import { toast } from './toast.js';
import { tracePage } from './trace-page.js';
import { tracesPage } from './traces-page.js';
import { View, empty } from './view.js';

// page: [what draws it, the entry of the navigation that it belongs to, whether it scrolls inside itself]
const PAGES = {
  resources: [resourcesPage, 'resources', false],
  resource: [resourcePage, 'resources', false],
  console: [consolePage, 'console', true],
  logs: [logsPage, 'logs', true],
  traces: [tracesPage, 'traces', true],
  trace: [tracePage, 'traces', true],
  metrics: [metricsPage, 'metrics', false],
  security: [securityPage, 'security', false],
  missing: [missingPage, '', false],
};

const main = document.getElementById('main');
let shown = null;

function missingPage(view) {
  view.element.append(...view.heading('There is no such page'), empty('search', 'Nothing is here', 'The address leads nowhere. ', el('a', { href: '/' }, 'Go to the resources'), '.'));
}

/** Shows what the address says: the same page with another question, or another page. */
function render() {
  const route = currentRoute();
  if (shown && shown.page === route.page && shown.name === route.name) {
    shown.view.requery(route.query);
    return;
  }
  const first = shown === null;
  shown?.view.end();
  const [page, entry, fills] = PAGES[route.page];
  const view = new View(route, { fill: fills });
  shown = { ...route, view };
  fill(main, view.element);
  main.scrollTop = 0;
  page(view);
  document.title = `${view.title} · SecureShop`;
  for (const link of document.querySelectorAll('.pages a')) {
    if (link.dataset.page === entry) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  // The focus goes to the heading, so that a screen reader says where one is; on the first load it stays with the browser.
  if (!first) view.h1.focus({ preventScroll: true });
}

// The number of resources in trouble stands at the navigation on every page.
function badge() {
  const link = document.querySelector('.pages a[data-page=resources]');
  const ill = store.resources.filter(resource => resource.state === 'unhealthy' || resource.state === 'failed').length;
  link.querySelector('.badge')?.remove();
  if (ill > 0) link.append(el('span', { class: 'badge' }, String(ill), el('span', { class: 'hidden' }, ' in trouble')));
}

const button = (id, picture, click) => {
  const element = document.getElementById(id);
  element.append(icon(picture));
  element.addEventListener('click', click);
};

startTheme(document.getElementById('theme'));
button('help', 'help', help);
button('sign-out', 'out', async () => {
  try {
    await post('/api/sign-out');
    location.assign('/');
  } catch (error) {
    toast(error.message, 'bad');
  }
});
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
startBanners(document.getElementById('banners'), document.getElementById('live'));
storeChanged.addEventListener('change', badge);
startKeys();
startRouter(render);
await refreshResources();
start();
render();
