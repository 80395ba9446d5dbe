import { el } from './dom.js';

const BREAKS = /\s+(?=(?:FROM|WHERE|AND|OR|ORDER BY|GROUP BY|HAVING|LIMIT|OFFSET|(?:LEFT |RIGHT |INNER |CROSS )?JOIN|ON CONFLICT|RETURNING|VALUES|SET|UNION)\b)/g;
const TOKENS = /('(?:[^']|'')*')|(\$\d+|@\w+)|("(?:[^"])*")|\b(SELECT|INSERT|INTO|UPDATE|DELETE|FROM|WHERE|AND|OR|NOT|NULL|IS|IN|AS|ON|JOIN|LEFT|RIGHT|INNER|CROSS|ORDER|GROUP|BY|HAVING|LIMIT|OFFSET|VALUES|SET|RETURNING|CONFLICT|DO|NOTHING|CASE|WHEN|THEN|ELSE|END|DISTINCT|ANY|EXISTS|BEGIN|COMMIT|ROLLBACK|UNION|ALL|ASC|DESC|WITH|FOR|LIKE|ILIKE|TRUE|FALSE)\b/g;
const CLASSES = ['', 'sql-text', 'sql-parameter', 'sql-name', 'sql-word'];

/** A statement, a clause a line, its words told apart. Made for reading: strings and comments are not parsed beyond that. */
export function sqlText(statement) {
  const laid = statement.includes('\n') ? statement : statement.split(BREAKS).map((clause, i) => (i > 0 && /^(AND|OR)\b/.test(clause) ? '  ' : '') + clause).join('\n').replaceAll('; ', ';\n');
  const parts = [];
  let from = 0;
  for (const match of laid.matchAll(TOKENS)) {
    if (match.index > from) parts.push(laid.slice(from, match.index));
    parts.push(el('span', { class: CLASSES[match.findIndex((group, i) => i > 0 && group !== undefined)] }, match[0]));
    from = match.index + match[0].length;
  }
  parts.push(laid.slice(from));
  return el('pre', { class: 'sql', tabindex: '0' }, el('code', null, parts));
}
