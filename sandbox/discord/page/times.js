/** Times as a reader of a certain language writes them. */

const STYLES = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
  s: { dateStyle: 'short', timeStyle: 'short' },
  S: { dateStyle: 'short', timeStyle: 'medium' },
};

const UNITS = [
  ['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1],
];

/** The text of `<t:seconds:style>`; R is relative to now, an unknown style is the default one. */
export function timestampText(seconds, style, locale) {
  if (style === 'R') return relativeText(seconds - Date.now() / 1000, locale);
  return new Intl.DateTimeFormat(locale, STYLES[style] ?? STYLES.f).format(seconds * 1000);
}

/** The time beside a message's author: the hour today, with the date before. */
export function messageTime(iso, locale) {
  const when = new Date(iso);
  const today = when.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(locale, today ? STYLES.t : STYLES.s).format(when);
}

/** Rewrites every relative time on the page. */
export function refreshRelativeTimes(root, locale) {
  for (const element of root.querySelectorAll('time[data-relative]')) {
    element.textContent = timestampText(Number(element.dataset.relative), 'R', locale);
  }
}

function relativeText(distance, locale) {
  const [unit, length] = UNITS.find(([, size]) => Math.abs(distance) >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(distance / length), unit);
}
