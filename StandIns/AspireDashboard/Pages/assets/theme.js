import { fill } from './dom.js';
import { icon } from './icons.js';

const ORDER = ['system', 'light', 'dark'];
const ICONS = { system: 'system', light: 'sun', dark: 'moon' };

function stored() {
  try {
    return localStorage.getItem('theme') ?? 'system';
  } catch {
    return 'system'; // Storage may be switched off; then the choice lasts as long as the page.
  }
}

/** The button that goes from the system's theme to light to dark. */
export function startTheme(button) {
  let theme = ORDER.includes(stored()) ? stored() : 'system';
  const show = () => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.setAttribute('aria-label', `Theme: ${theme}. Change`);
    button.title = `Theme: ${theme}`;
    fill(button, icon(ICONS[theme]));
  };
  button.addEventListener('click', () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // As above.
    }
    show();
  });
  show();
}
