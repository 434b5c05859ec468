/**
 * One field per option of a command. A field has an `element`, an `input` to focus, `value` (undefined when empty),
 * `problem` (a sentence, or null), `offers(typed)` for the list above, and `pick(item)` for what was taken from it.
 */

import { localized } from './commands.js';
import { sizeText } from './files.js';
import { h, icon } from './dom.js';
import { ATTACHMENT, INTEGER, NUMBER, isClosed, kindOf } from './sources.js';

/** The field for an option; `onremove` is called when the person takes an optional one out again. */
export function fieldFor(option, { source, locale, onremove }) {
  return option.type === ATTACHMENT
    ? new FileField(option, locale, onremove)
    : new TextField(option, source, locale, onremove);
}

class Field {
  constructor(option, locale, onremove, input, face = input) {
    this.option = option;
    this.input = input;
    this.title = localized(option, 'description', locale);
    this.element = h('label', { class: 'pill', 'data-option': option.name, title: this.title },
      h('span', { class: 'pill-name' }, localized(option, 'name', locale)),
      face,
      !option.required && h('button', {
        type: 'button',
        class: 'pill-remove',
        tabindex: -1,
        'aria-label': `Remove ${option.name}`,
        onclick: onremove,
      }, icon('close')));
  }

  get problem() {
    if (this.value === undefined) return this.option.required ? 'This option is required.' : null;
    return this.misfit();
  }

  /** Shows on the field whether it is in order; false when it is not. */
  check() {
    const { problem } = this;
    this.input.setAttribute('aria-invalid', String(Boolean(problem)));
    this.element.classList.toggle('wrong', Boolean(problem));
    return !problem;
  }
}

class TextField extends Field {
  #picked = null;
  #source;

  constructor(option, source, locale, onremove) {
    super(option, locale, onremove, h('input', {
      type: 'text',
      role: source ? 'combobox' : null,
      inputmode: [INTEGER, NUMBER].includes(option.type) ? 'decimal' : null,
      placeholder: kindOf(option),
      autocomplete: 'off',
      enterkeyhint: 'send',
      'aria-required': String(Boolean(option.required)),
      'aria-autocomplete': source ? 'list' : null,
      'aria-expanded': source ? 'false' : null,
      oninput: () => { this.#picked = null; },
    }));
    this.#source = source;
  }

  get value() {
    if (this.#picked) return this.#picked.value;
    const text = this.input.value.trim() && this.input.value;
    if (!text) return undefined;
    return [INTEGER, NUMBER].includes(this.option.type) ? Number(text) : text;
  }

  async offers() {
    return this.#source && !this.#picked ? this.#source(this.input.value) : [];
  }

  pick(item) {
    this.input.value = item.label;
    this.#picked = item;
  }

  /** Takes a text as if it were typed; what only a list can give is taken from the list. */
  async fill(text) {
    this.input.value = text;
    const item = isClosed(this.option) && (await this.#source(text))[0];
    if (item) this.pick(item);
  }

  misfit() {
    const { option, value } = this;
    if (this.#picked) return null;
    if (isClosed(option)) return `Choose a ${kindOf(option)} from the list.`;
    if (typeof value === 'string') return misfitOfText(value, option);
    if (option.type === INTEGER && !Number.isSafeInteger(value)) return 'A whole number is wanted here.';
    return misfitOfNumber(value, option);
  }
}

class FileField extends Field {
  #file = null;
  #shown;

  constructor(option, locale, onremove) {
    const input = h('input', { type: 'file', class: 'unseen', onchange: () => this.accept(input.files[0]) });
    const shown = h('span', { class: 'pill-file muted' }, 'choose, drop or paste');
    super(option, locale, onremove, input, [input, shown]);
    this.#shown = shown;
  }

  get value() {
    return this.#file ?? undefined;
  }

  /** Takes a file, chosen, dropped or pasted. */
  accept(file) {
    if (!file) return;
    this.#file = file;
    const isPicture = file.type.startsWith('image/');
    this.#shown.classList.remove('muted');
    this.#shown.replaceChildren(...(isPicture ? [h('img', { src: URL.createObjectURL(file), alt: '' })] : []),
      `${file.name} · ${sizeText(file.size)}`);
    this.check();
  }

  async offers() {
    return [];
  }

  misfit() {
    return null;
  }
}

function misfitOfText(text, { min_length: min = 0, max_length: max = 6000 }) {
  if (text.length < min) return `At least ${min} characters are wanted here.`;
  return text.length > max ? `At most ${max} characters fit here; these are ${text.length}.` : null;
}

function misfitOfNumber(value, { min_value: min = -Infinity, max_value: max = Infinity }) {
  if (Number.isNaN(value)) return 'A number is wanted here.';
  if (value < min) return `At least ${min} is wanted here.`;
  return value > max ? `At most ${max} is wanted here.` : null;
}
