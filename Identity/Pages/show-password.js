// Gives each password field a button that shows what was typed. Without script there is no button, and nothing else is missing.
for (const field of document.querySelectorAll('input[type="password"]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'show';
  button.textContent = 'Show password';
  button.setAttribute('aria-controls', field.id);
  button.setAttribute('aria-pressed', 'false');
  const show = (shown) => {
    field.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
  };
  button.addEventListener('click', () => show(field.type === 'password'));

  // Browsers offer to keep what is in a password field, and must not remember it as text.
  field.form?.addEventListener('submit', () => show(false));
  field.after(button);
}
