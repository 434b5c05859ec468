/**
 * The list above the writing line: commands, options, values. The focus stays in the field (`aria-activedescendant`
 * tells which entry is meant), arrows move, and the field decides what Enter does.
 */

import { h } from './dom.js';

export class ListBox {
  #element;
  #onpick = () => {};
  #items = [];
  #active = -1;
  #input = null;

  constructor(element) {
    this.#element = element;
    element.addEventListener('mousedown', (event) => event.preventDefault());
    element.addEventListener('click', (event) => {
      const option = event.target.closest('[role=option]');
      if (option) this.#onpick(this.#items[Number(option.dataset.index)]);
    });
  }

  /** Shows `[{label, detail, mark}]` for an input; `active` is the entry that Enter would take, -1 for none. */
  show(input, items, { title, active = -1, onpick }) {
    this.hide();
    if (!items.length) return;
    this.#items = items;
    this.#onpick = onpick;
    this.#input = input;
    this.#element.replaceChildren(h('p', { class: 'suggest-title' }, title), ...items.map(entry));
    this.#element.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    input.setAttribute('aria-controls', this.#element.id);
    this.#activate(active);
  }

  hide() {
    this.#element.hidden = true;
    this.#element.replaceChildren();
    this.#items = [];
    this.#active = -1;
    this.#input?.setAttribute('aria-expanded', 'false');
    this.#input?.removeAttribute('aria-activedescendant');
  }

  get isOpen() {
    return !this.#element.hidden;
  }

  /** One entry down (1) or up (-1), around the ends. */
  move(step) {
    const count = this.#items.length;
    if (count) this.#activate((Math.max(this.#active, step > 0 ? -1 : 0) + step + count) % count);
  }

  /** Takes the active entry; false when there is none. */
  pick() {
    const item = this.#items[this.#active];
    if (item) this.#onpick(item);
    return Boolean(item);
  }

  #activate(index) {
    this.#active = index;
    for (const option of this.#element.querySelectorAll('[role=option]')) {
      option.setAttribute('aria-selected', String(Number(option.dataset.index) === index));
    }
    const active = this.#element.querySelector('[aria-selected=true]');
    active?.scrollIntoView({ block: 'nearest' });
    if (active) this.#input.setAttribute('aria-activedescendant', active.id);
  }
}

function entry({ label, detail, mark }, index) {
  return h('div', { role: 'option', class: 'entry', id: `entry-${index}`, 'data-index': index, 'aria-selected': 'false' },
    h('span', { class: 'entry-label' }, label),
    detail && h('span', { class: 'entry-detail' }, detail),
    mark && h('span', { class: 'badge' }, mark));
}
