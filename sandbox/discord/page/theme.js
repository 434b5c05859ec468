/** Light or dark: as the system says, until the reader says otherwise; remembered on this machine. */

const KEY = 'theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** Applies what was chosen before and lets `button` switch. */
export function setUpTheme(button) {
  apply(localStorage.getItem(KEY));
  button.addEventListener('click', () => {
    const next = current() === 'dark' ? 'light' : 'dark';
    localStorage.setItem(KEY, next);
    apply(next);
  });
}

function current() {
  return document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light');
}

function apply(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}
