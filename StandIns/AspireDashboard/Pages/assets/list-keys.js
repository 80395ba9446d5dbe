const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -Infinity, End: Infinity };

/**
 * Arrows, j/k, Home/End, Page keys, Enter and Esc in a list of which not all rows exist. The focus stays on the list;
 * which row it is at is said by aria-activedescendant. j and k work from anywhere on the page but a field.
 */
export function listKeys(view, list, { at, length, go, open, close, other }) {
  const take = event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const here = event.target === list;
    const away = !here && (event.target.matches?.('input, select, textarea') || !['j', 'k', 'Escape'].includes(event.key));
    if (away) return;
    const step = STEPS[event.key];
    if (step && length() > 0) {
      const next = at() < 0 ? (step === Infinity ? length() - 1 : 0) : at() + step;
      if (!here) list.focus({ preventScroll: true });
      go(Math.max(0, Math.min(length() - 1, next)));
    } else if (event.key === 'Enter' && here && at() >= 0 && open) open(at());
    else if (event.key === 'Escape' && close) close();
    else if (!here || !other?.(event, at())) return;
    event.preventDefault();
  };
  document.addEventListener('keydown', take, { signal: view.signal });
}
