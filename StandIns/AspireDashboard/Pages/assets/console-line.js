import { el, marked } from './dom.js';
import { hourMinuteSecond, shortId } from './format.js';
import { colourOf } from './store.js';

// `HH:mm:ss.fff info Category: message [traceid]`, as every service of ours writes it.
const OURS = /^(\d\d:\d\d:\d\d\.\d{3} )?(trce|dbug|info|warn|fail|crit) ([^\s:]+(?:\.[^\s:]+)*): ([^]*?)(?: \[([0-9a-f]{32})\])?$/;
const OTHERS = [[/\b(PANIC|FATAL|crit)\b/, 'crit'], [/\b(ERROR|fail|error)\b:?/, 'fail'], [/\b(WARNING|warn)\b/, 'warn']];
const TRACE = / \[([0-9a-f]{32})\]$/;
// Colours for a terminal (and anything else that starts with ESC) mean nothing here.
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f]/g;

/** What a line says, taken apart. Lines of others (Postgres, Redis) and further lines of an event stay whole. */
export function parseLine(text) {
  const clean = text.replace(ESCAPES, '');
  const ours = OURS.exec(clean);
  if (ours) return { level: ours[2], category: ours[3], message: ours[4], trace: ours[5] };
  const trace = TRACE.exec(clean)?.[1];
  const message = trace ? clean.slice(0, -35) : clean;
  if (/^\s/.test(clean)) return { level: '', message, trace, further: true };
  return { level: OTHERS.find(([pattern]) => pattern.test(clean))?.[1] ?? '', message, trace };
}

const WORDS = { trce: 'trace', dbug: 'debug', info: 'info', warn: 'warn', fail: 'error', crit: 'critical' };

/** A line of the console as a row. */
export function consoleRow(line, word, { several, current }) {
  const { level, category, message, trace, further } = line.parsed ??= parseLine(line.text);
  return el('div', { class: `line ${level}${current ? ' current' : ''}${further ? ' further' : ''}`, role: 'row', title: undefined },
    el('span', { class: 'at', role: 'cell' }, el('time', { datetime: new Date(line.time).toISOString(), title: new Date(line.time).toISOString() }, `${hourMinuteSecond(line.time)}`)),
    several && el('span', { class: `who ${colourOf(line.resource)}`, role: 'cell', title: line.replica }, line.replica),
    el('span', { class: 'level', role: 'cell' }, level && el('span', { class: `level-mark ${level}` }, WORDS[level])),
    el('span', { class: 'text', role: 'cell' }, category && el('span', { class: 'category' }, marked(category, word), ' '), marked(message, word),
      trace && [' ', el('a', { class: 'trace-link', href: `/traces/${trace}`, title: `Trace ${trace}` }, marked(shortId(trace), word?.length <= 8 ? word : ''))]));
}

/** A line as it was written, with the whole time before it. */
export const plainLine = line => `${new Date(line.time).toISOString()} ${line.replica} ${line.text.replace(ESCAPES, '')}`;
