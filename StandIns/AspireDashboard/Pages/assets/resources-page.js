import { commandButtons } from './commands.js';
import { el, fill, setText } from './dom.js';
import { counted, duration } from './format.js';
import { icon } from './icons.js';
import { kindIcon, kindWord, stateChip } from './states.js';
import { colourOf, store, storeChanged } from './store.js';
import { topology } from './topology.js';
import { empty } from './view.js';

export function endpointLink(endpoint) {
  const text = endpoint.address.replace(/^https?:\/\//, '');
  const mark = endpoint.external && el('span', { class: 'tag', title: 'Reachable from outside in a deployment' }, 'public');
  return el('li', null, endpoint.link
    ? el('a', { href: endpoint.address, target: '_blank', rel: 'noopener', title: `${endpoint.name}: ${endpoint.address}` }, text, icon('link'))
    : el('code', { title: endpoint.name }, text), mark);
}

export function quickLinks(resource) {
  const name = encodeURIComponent(resource.name);
  const link = (picture, word, href) => el('a', { class: 'icon-button', href, title: `${word} of ${resource.name}`, 'aria-label': `${word} of ${resource.name}` }, icon(picture));
  return el('div', { class: 'quick' }, link('console', 'Console', `/console/${name}`), link('logs', 'Logs', `/logs?resource=${name}`), link('traces', 'Traces', `/traces?resource=${name}`));
}

export const uptime = resource => resource.startedAt && !['stopped', 'finished', 'failed', 'waiting'].includes(resource.state)
  ? el('span', { class: 'uptime', data: { since: resource.startedAt } }, duration(Date.now() - resource.startedAt)) : el('span', { class: 'faint' }, '–');

function replicas(resource) {
  const good = resource.replicas.filter(replica => ['healthy', 'running', 'finished'].includes(replica.state)).length;
  return el('span', { title: `${good} of ${resource.replicas.length} well` }, resource.replicas.length === 1 ? '1' : `${good} / ${resource.replicas.length}`);
}

function row(resource, redraw) {
  const cell = (label, name, ...content) => el('td', { class: name, data: { label } }, ...content);
  return el('tr', { data: { name: resource.name } },
    el('th', { scope: 'row', class: 'name' }, el('a', { href: `/resources/${encodeURIComponent(resource.name)}` }, el('span', { class: `kind-mark ${colourOf(resource.name)}` }, kindIcon(resource.kind)), el('span', null, el('span', { class: 'title', title: resource.name }, resource.name), el('span', { class: 'sub' }, kindWord(resource.kind))))),
    cell('State', 'state-cell', stateChip(resource.state), resource.lastProblem && el('p', { class: 'last-problem', title: resource.lastProblem }, resource.lastProblem)),
    cell('Replicas', 'number', replicas(resource)),
    cell('Endpoints', 'endpoints', resource.endpoints.length > 0 ? el('ul', null, resource.endpoints.map(endpointLink)) : el('span', { class: 'faint' }, '–')),
    cell('Restarts', resource.restarts > 0 ? 'number' : 'number faint', String(resource.restarts)),
    cell('Up for', 'number', uptime(resource)),
    cell('Open', 'links', quickLinks(resource)),
    cell('Actions', 'actions', commandButtons(resource, redraw)));
}

const HEADS = ['Name', 'State', 'Replicas', 'Endpoints', 'Restarts', 'Up for', 'Open', 'Actions'];

/** Every second, all shown uptimes, without drawing anything else. */
export function tickUptimes(view) {
  const timer = setInterval(() => {
    for (const one of view.element.querySelectorAll('.uptime')) setText(one, duration(Date.now() - Number(one.dataset.since)));
  }, 1000);
  view.signal.addEventListener('abort', () => clearInterval(timer));
}

export function resourcesPage(view) {
  const summary = el('p', { class: 'summary', 'aria-live': 'polite' });
  const body = el('div', { class: 'stack' });
  view.element.append(...view.heading('Resources', summary), body);
  let drawn = '';

  function draw() {
    if (view.signal.aborted) return;
    view.problem(store.problem);
    const { resources } = store;
    if (!store.loaded) return;
    const ill = resources.filter(resource => ['unhealthy', 'failed'].includes(resource.state));
    const well = resources.filter(resource => ['healthy', 'running', 'finished'].includes(resource.state)).length;
    setText(summary, resources.length === 0 ? '' : `${counted(resources.length, 'resource')}, ${well} well${ill.length > 0 ? `, ${ill.map(one => one.name).join(' and ')} in trouble` : ''}`);
    const held = document.activeElement?.closest?.('tr[data-name]')?.dataset.name;
    const button = document.activeElement?.dataset?.command;
    if (resources.length === 0) {
      fill(body, empty('project', 'No resources yet', 'AppHost is still reading its model. They appear here by themselves.'));
    } else {
      fill(body, el('div', { class: 'panel table-wrap' }, el('table', { class: 'resources' }, el('caption', { class: 'hidden' }, 'Resources of the application'),
        el('thead', null, el('tr', null, HEADS.map(head => el('th', { scope: 'col' }, head)))), el('tbody', null, resources.map(resource => row(resource, draw))))), topology(resources));
      // A button that was pressed keeps the focus, though its row was drawn anew.
      if (held && button) body.querySelector(`tr[data-name="${CSS.escape(held)}"] [data-command="${button}"]`)?.focus();
    }
    drawn = 'yes';
  }

  storeChanged.addEventListener('change', draw, { signal: view.signal });
  tickUptimes(view);
  draw();
  if (!drawn && !store.problem) fill(body, el('p', { class: 'muted' }, 'Loading…'));
}
