import { post } from './api.js';
import { confirm } from './dialogs.js';
import { el, fill } from './dom.js';
import { icon } from './icons.js';
import { store } from './store.js';
import { toast } from './toast.js';

const WORDS = { start: ['Start', 'play', 'is starting'], stop: ['Stop', 'stop', 'is stopping'], restart: ['Restart', 'restart', 'is restarting'] };
const busy = new Map();

const leansOn = name => store.resources.filter(other => other.waitsFor.includes(name) && other.state !== 'stopped' && other.kind !== 'job').map(other => other.name);

// What others lean on is not taken from under them by a slip of the finger.
async function agreed(resource, command) {
  if (command !== 'stop') return true;
  const others = leansOn(resource.name);
  const isStore = resource.kind === 'postgres' || resource.kind === 'redis';
  if (others.length === 0 && !isStore) return true;
  const who = others.length > 0 ? `${others.join(', ')} ${others.length === 1 ? 'depends' : 'depend'} on it and will fail until it is started again.` : 'Services that keep data in it will fail until it is started again.';
  return await confirm(`Stop ${resource.name}?`, who, `Stop ${resource.name}`);
}

async function run(resource, command, redraw) {
  if (!await agreed(resource, command)) return;
  busy.set(resource.name, command);
  redraw();
  try {
    await post(`/api/resources/${encodeURIComponent(resource.name)}/${command}`);
    toast(`${resource.name} ${WORDS[command][2]}.`, 'good');
  } catch (error) {
    toast(error.message, 'bad');
  } finally {
    busy.delete(resource.name);
    redraw();
  }
}

/** The buttons for what a resource can be told now. All three keep their place, so that none jumps under the pointer. */
export function commandButtons(resource, redraw, { words = false } = {}) {
  const offered = new Set(resource.commands);
  const buttons = ['start', 'stop', 'restart'].filter(command => !words || offered.has(command)).map(command => {
    const [word, picture] = WORDS[command];
    const running = busy.get(resource.name) === command;
    return el('button', {
      type: 'button', class: words ? 'button' : 'icon-button', title: `${word} ${resource.name}`, 'aria-label': words ? undefined : `${word} ${resource.name}`, 'aria-busy': running ? 'true' : undefined,
      disabled: !offered.has(command) || busy.has(resource.name), onclick: () => run(resource, command, redraw), data: { command },
    }, icon(running ? 'spin' : picture), words && word);
  });
  return fill(el('div', { class: 'commands' }), buttons);
}
