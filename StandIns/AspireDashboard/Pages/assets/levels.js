import { el } from './dom.js';

const WORDS = { trace: 'trace', debug: 'debug', information: 'info', warning: 'warn', error: 'error', critical: 'critical' };
const CLASSES = { trace: 'trce', debug: 'dbug', information: 'info', warning: 'warn', error: 'fail', critical: 'crit' };

export const levelMark = level => el('span', { class: `level-mark ${CLASSES[level] ?? 'info'}` }, WORDS[level] ?? level);

export const LEVELS = [['', 'Every level'], ['debug', 'Debug and worse'], ['information', 'Information and worse'], ['warning', 'Warnings and worse'], ['error', 'Errors and worse'], ['critical', 'Critical']];
