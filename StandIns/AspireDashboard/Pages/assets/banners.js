import { get, sessionLost } from './api.js';
import { el, fill } from './dom.js';
import { counted, duration, hourMinuteSecond } from './format.js';
import { icon } from './icons.js';
import { connection, connectionChanged } from './live.js';

// What the reader has to know whatever the page: that the server sheds, does not answer, or asks for a new sign-in.

const banner = (kind, picture, ...text) => el('div', { class: `banner ${kind}`, role: kind === 'bad' ? 'alert' : 'status' }, icon(picture), el('p', null, ...text));

export function startBanners(place, indicator) {
  let shedding = null;
  let lost = false;
  let shown = '';

  function show() {
    const gone = connection.state === 'waiting' && Date.now() - connection.since > 2500;
    const dropped = shedding && shedding.receivers.filter(receiver => receiver.dropped > 0).map(receiver => counted(receiver.dropped, receiver.unit.replace(/s$/, ''), receiver.unit)).join(', ');
    const key = `${lost} ${gone} ${dropped}`;
    if (key === shown) return;
    shown = key;
    fill(place,
      lost && banner('bad', 'lock', el('strong', null, 'Your session has ended. '), 'Open the link that AppHost printed last: it signs you in once, and this view comes back at its address.'),
      !lost && gone && banner('warn', 'alert', el('strong', null, 'The dashboard does not answer. '), 'It is tried again; what you see is from before. If AppHost was ended, start it anew: dotnet run --project AppHost'),
      dropped && banner('warn', 'alert', el('strong', null, 'Telemetry came faster than it could be kept: '), `${dropped} dropped since the start. Pictures and numbers of the last minutes are incomplete.`));
  }

  function indicate() {
    const state = lost ? 'lost' : connection.state;
    const words = { live: 'Live', waiting: `Reconnecting, ${duration(Math.floor((Date.now() - connection.since) / 1000) * 1000)}`, hidden: 'Paused', lost: 'Signed out' };
    if (indicator.dataset.state !== state) {
      indicator.dataset.state = state;
      fill(indicator, el('span', { class: 'beat', 'aria-hidden': 'true' }), el('span', { class: 'words' }));
    }
    indicator.lastElementChild.textContent = words[state];
    indicator.title = state === 'live' ? `Connected since ${hourMinuteSecond(connection.since)}` : '';
  }

  async function look() {
    if (document.hidden || lost || connection.state !== 'live') return;
    try {
      const status = await get('/api/status');
      shedding = status.shedding ? status : null;
      const name = document.getElementById('application');
      if (status.application && name.textContent !== status.application) name.textContent = status.application;
    } catch {
      return; // The indicator and the pages tell that the server does not answer.
    }
    show();
  }

  sessionLost.addEventListener('lost', () => {
    lost = true;
    show();
    indicate();
  });
  let before = '';
  connectionChanged.addEventListener('change', () => {
    // Signed in again, in another tab: the cookie is this one's too.
    if (connection.state === 'live') lost = false;
    indicate();
    show();
    if (connection.state === 'live' && before !== 'live') look();
    before = connection.state;
  });
  setInterval(() => {
    if (connection.state === 'waiting') {
      indicate();
      show();
    }
  }, 1000);
  setInterval(look, 5000);
  indicate();
}
