// The only way in which these pages make elements. What telemetry says is an attacker's text as often as not, so text
// becomes a text node, never markup: there is no innerHTML anywhere, and Trusted Types would refuse it.

const SVG = 'http://www.w3.org/2000/svg';

/** Attributes that hold an address: one that is not plainly http(s) or of this server is left out (javascript: links). */
const ADDRESSES = new Set(['href', 'src']);

function safeAddress(value) {
  const address = String(value);
  if (address.startsWith('#') || /^\/(?![/\\])/.test(address)) return address;
  return /^(https?|blob):/i.test(address) ? address : null;
}

function apply(element, properties) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [key, v] of Object.entries(value)) element.style.setProperty(key, v);
    else if (name === 'data') Object.assign(element.dataset, value);
    else if (ADDRESSES.has(name)) {
      const address = safeAddress(value);
      if (address !== null) element.setAttribute(name, address);
    } else element.setAttribute(name, value === true ? '' : value);
  }
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === '') continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Makes an element: properties named `on…` are listeners, `style` and `data` are objects, the rest attributes. */
export function el(tag, properties, ...children) {
  const element = document.createElement(tag);
  apply(element, properties);
  return append(element, children);
}

/** The same for a drawing. */
export function svg(tag, properties, ...children) {
  const element = document.createElementNS(SVG, tag);
  apply(element, properties);
  return append(element, children);
}

/** Puts these in the place of what an element holds. */
export function fill(element, ...children) {
  const fragment = document.createDocumentFragment();
  append(fragment, children);
  element.replaceChildren(fragment);
  return element;
}

/** Changes text only where it differs, so that a selection or a screen reader is not disturbed for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Text in which every occurrence of a word is marked. */
export function marked(text, word) {
  if (!word) return [text];
  const parts = [];
  const low = text.toLowerCase();
  const sought = word.toLowerCase();
  let from = 0;
  for (let at = low.indexOf(sought); at >= 0; at = low.indexOf(sought, from)) {
    if (at > from) parts.push(text.slice(from, at));
    parts.push(el('mark', null, text.slice(at, at + sought.length)));
    from = at + sought.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
