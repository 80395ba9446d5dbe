import { get } from './api.js';
import { commandButtons } from './commands.js';
import { el, fill } from './dom.js';
import { count, duration, timeOf } from './format.js';
import { icon } from './icons.js';
import { endpointLink, tickUptimes, uptime } from './resources-page.js';
import { kindWord, stateChip } from './states.js';
import { store, storeChanged } from './store.js';
import { copyButton } from './toast.js';
import { empty } from './view.js';
import { watch } from './watch.js';

const fact = (name, ...value) => el('div', null, el('dt', null, name), el('dd', null, ...value));
const names = list => list.length === 0 ? el('span', { class: 'faint' }, 'nobody') : list.map((name, i) => [i > 0 && ', ', el('a', { href: `/resources/${encodeURIComponent(name)}` }, name)]);
const panel = (title, ...content) => el('section', { class: 'panel' }, el('h2', null, title), ...content);

function replicaTable(resource) {
  return el('div', { class: 'table-wrap' }, el('table', { class: 'plain' }, el('caption', { class: 'hidden' }, 'Replicas'),
    el('thead', null, el('tr', null, ['Replica', 'State', 'Process', 'Started', 'Last exit'].map(head => el('th', { scope: 'col' }, head)))),
    el('tbody', null, resource.replicas.map(replica => el('tr', null,
      el('th', { scope: 'row' }, el('a', { href: `/console/${encodeURIComponent(resource.name)}?replica=${encodeURIComponent(replica.name)}` }, replica.name)),
      el('td', null, stateChip(replica.state)), el('td', { class: 'number' }, replica.processId ?? '–'), el('td', null, timeOf(replica.startedAt, { precise: false })),
      el('td', { class: replica.exitCode ? 'number bad-text' : 'number' }, replica.exitCode === undefined || replica.exitCode === null ? '–' : `code ${replica.exitCode}`))))));
}

function environment(variables) {
  if (variables.length === 0) return el('p', { class: 'muted' }, 'The host has handed it no variables yet: they are known after its first start.');
  return el('div', { class: 'table-wrap' }, el('table', { class: 'plain environment' }, el('caption', { class: 'hidden' }, 'Environment'),
    el('thead', { class: 'hidden' }, el('tr', null, el('th', { scope: 'col' }, 'Name'), el('th', { scope: 'col' }, 'Value'))),
    el('tbody', null, variables.map(({ name, value, secret }) => el('tr', null, el('th', { scope: 'row' }, el('code', null, name)),
      el('td', null, secret
        ? el('span', { class: 'secret' }, icon('lock'), el('span', { 'aria-hidden': 'true' }, '••••••'), el('span', { class: 'note' }, 'kept by the host'))
        : el('span', { class: 'value' }, el('code', null, value ?? ''), copyButton(() => value ?? '', name))))))));
}

export function resourcePage(view) {
  const name = view.name;
  const state = el('span', { class: 'beside' });
  const actions = el('div', { class: 'push' });
  const body = el('div', { class: 'stack' });
  view.element.append(el('p', { class: 'crumb' }, el('a', { href: '/' }, icon('back'), 'Resources')), ...view.heading(name, state, actions), body);
  let resource = null;

  const links = () => el('nav', { class: 'button-row', 'aria-label': `More of ${name}` },
    [['console', 'Console', `/console/${encodeURIComponent(name)}`], ['logs', 'Logs', `/logs?resource=${encodeURIComponent(name)}`], ['traces', 'Traces', `/traces?resource=${encodeURIComponent(name)}`]]
      .map(([picture, word, href]) => el('a', { class: 'button', href }, icon(picture), word)));

  function buttons() {
    if (resource) fill(actions, commandButtons(resource, buttons, { words: true }));
  }

  function draw() {
    if (!resource) return;
    const focused = document.activeElement?.dataset?.command;
    fill(state, stateChip(resource.state));
    buttons();
    if (focused) actions.querySelector(`[data-command="${focused}"]`)?.focus();
    const waiting = store.resources.filter(other => other.waitsFor.includes(name)).map(other => other.name);
    const secrets = resource.environment.filter(variable => variable.secret).length;
    fill(body, links(),
      resource.lastProblem && el('div', { class: 'banner warn' }, icon('alert'), el('p', null, el('strong', null, 'Last problem: '), resource.lastProblem)),
      el('div', { class: 'two' },
        panel('At a glance', el('dl', { class: 'facts' }, fact('Kind', kindWord(resource.kind)), fact('Up for', uptime(resource)), fact('Started', timeOf(resource.startedAt, { precise: false })),
          fact('First ready after', duration(resource.readyAfter)), fact('Restarts', count(resource.restarts)), fact('Waits for', names(resource.waitsFor)), fact('Waited for by', names(waiting)),
          resource.endpoints.map(endpoint => fact(`Endpoint ${endpoint.name}`, el('ul', { class: 'endpoints' }, endpointLink(endpoint)))))),
        panel('Replicas', replicaTable(resource))),
      panel(`Environment (${resource.environment.length})`, secrets > 0 && el('p', { class: 'muted' }, `${secrets} of them ${secrets === 1 ? 'is a secret' : 'are secrets'}: their values never leave the host.`), environment(resource.environment)));
  }

  watch(view, ['resources'], 300, async signal => {
    try {
      resource = await get(`/api/resources/${encodeURIComponent(name)}`, {}, signal);
      draw();
    } catch (error) {
      if (error.status !== 404) throw error;
      resource = null;
      fill(body, empty('search', `There is no resource "${name}"`, 'It may have another name in the model. ', el('a', { href: '/' }, 'See all resources'), '.'));
    }
  });
  storeChanged.addEventListener('change', draw, { signal: view.signal });
  tickUptimes(view);
}
