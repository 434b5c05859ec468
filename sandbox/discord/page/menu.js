/** A menu to choose from: beside what opened it on a wide screen, at the bottom on a narrow one. */

import { h, icon } from './dom.js';

const GAP_PX = 6;

/**
 * Asks for `min` to `max` of `items` (`{value, label, detail, selected}`) and resolves to their values, or to null
 * when the reader leaves without choosing. One of one is taken at once; several are confirmed.
 */
export function choose(anchor, { title, items, min = 1, max = 1 }) {
  const { promise, resolve } = Promise.withResolvers();
  const picked = new Set(items.filter((item) => item.selected).map((item) => item.value));
  const done = h('button', { type: 'button', class: 'button primary', onclick: () => close([...picked]) }, 'Done');
  const options = items.map((item) => option(item, max > 1, () => pick(item.value)));
  const list = h('div', { role: 'listbox', 'aria-label': title, 'aria-multiselectable': String(max > 1) }, options);
  const heading = h('p', { class: 'suggest-title' }, title);
  const dialog = h('dialog', { class: 'menu', 'aria-label': title }, heading, list, max > 1 && done);

  function pick(value) {
    if (max === 1) return close([value]);
    if (!picked.delete(value)) picked.add(value);
    return mark();
  }

  function mark() {
    items.forEach((item, index) => options[index].setAttribute('aria-selected', String(picked.has(item.value))));
    done.disabled = picked.size < min || picked.size > max;
  }

  function close(values) {
    dialog.remove();
    anchor.focus();
    resolve(values);
  }

  dialog.addEventListener('cancel', () => close(null));
  dialog.addEventListener('click', (event) => event.target === dialog && close(null));
  dialog.addEventListener('keydown', (event) => walk(event, options));
  document.body.append(dialog);
  dialog.showModal();
  place(dialog, anchor);
  mark();
  (options.find((element) => element.ariaSelected === 'true') ?? options[0])?.focus();
  return promise;
}

function option({ label, detail }, isMultiple, onclick) {
  return h('button', { type: 'button', role: 'option', class: 'entry', onclick },
    isMultiple && h('span', { class: 'tick' }, icon('tick')),
    h('span', { class: 'entry-label' }, label),
    detail && h('span', { class: 'entry-detail' }, detail));
}

function walk(event, options) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const index = options.indexOf(document.activeElement) + step;
  options[(index + options.length) % options.length].focus();
}

/** Under the anchor where there is room, else above it; never out of the window. */
function place(dialog, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = dialog;
  const below = at.bottom + GAP_PX;
  const top = below + height < innerHeight ? below : Math.max(GAP_PX, at.top - GAP_PX - height);
  dialog.style.setProperty('--top', `${top}px`);
  dialog.style.setProperty('--left', `${Math.max(GAP_PX, Math.min(at.left, innerWidth - width - GAP_PX))}px`);
}
