/**
 * A chosen command with its options, filled in by keyboard: arrows and Enter take from the list, Tab goes on, Enter
 * sends, Escape closes the list and then leaves, Backspace in an empty field takes the field out.
 */

import { h } from './dom.js';
import { fieldFor } from './fields.js';
import { localized } from './commands.js';
import { ATTACHMENT, STRING, kindOf, sourceOf } from './sources.js';

export class CommandForm {
  #fields = new Map();
  #asked = 0;

  /** `ask(leaf, values, name)` asks the bot for choices; `onsend(leaf, values)` and `onleave()` end the form. */
  constructor(leaf, { session, box, ask, onsend, onleave }) {
    Object.assign(this, { leaf, session, box, ask, onsend, onleave });
    this.adder = h('input', {
      type: 'text', class: 'adder', role: 'combobox', autocomplete: 'off', enterkeyhint: 'send',
      'aria-label': 'Add an option', 'aria-expanded': 'false',
    });
    this.problem = h('p', { class: 'problem', role: 'alert', hidden: true });
    this.pills = h('div', { class: 'pills' }, h('span', { class: 'command-name' }, `/${leaf.label}`), this.adder);
    this.element = h('div', { class: 'command', onkeydown: (event) => this.#key(event) }, this.pills, this.problem);
    this.adder.addEventListener('focus', () => this.#offerOptions());
    this.adder.addEventListener('input', () => this.#offerOptions());
    this.adder.addEventListener('blur', () => box.hide());
    leaf.options.filter((option) => option.required).forEach((option) => this.#add(option));
    this.#showAdder();
  }

  /** Fills options by name with texts, those that are not shown yet too, and goes to what is still to be filled. */
  async fill(values) {
    for (const [name, text] of Object.entries(values)) {
      const option = this.leaf.options.find((candidate) => candidate.name === name);
      await (this.#fields.get(name) ?? this.#add(option)).fill?.(text);
    }
    this.#next();
  }

  /** Sends the command, or shows what is missing. */
  send() {
    this.#takeLooseWords();
    const wrong = [...this.#fields.values()].filter((field) => !field.check());
    this.problem.hidden = !wrong.length;
    if (!wrong.length) return this.onsend(this.leaf, this.#values());
    this.problem.textContent = `${wrong[0].option.name}: ${wrong[0].problem}`;
    return wrong[0].input.focus();
  }

  /** Puts a dropped or pasted file into the first field that wants one; false when none does. */
  accept(file) {
    const empty = [...this.#fields.values()].find((field) => field.accept && !field.value);
    const option = this.#unused().find(({ type }) => type === ATTACHMENT);
    const field = empty ?? (option && this.#add(option));
    field?.accept(file);
    return Boolean(field);
  }

  /** Words that were typed without choosing an option belong to the first that takes text. */
  #takeLooseWords() {
    const words = this.adder.value.trim();
    const option = words && this.#unused().find(({ type }) => type === STRING);
    if (!option) return;
    this.adder.value = '';
    this.#add(option).fill(words);
  }

  #values() {
    const filled = [...this.#fields].filter(([, field]) => field.value !== undefined);
    return Object.fromEntries(filled.map(([name, field]) => [name, field.value]));
  }

  #unused() {
    return this.leaf.options.filter((option) => !this.#fields.has(option.name));
  }

  #add(option) {
    const ask = (typed) => this.ask(this.leaf, { ...this.#values(), [option.name]: typed }, option.name);
    const source = sourceOf(option, this.session, ask);
    const onremove = () => this.#remove(option.name);
    const field = fieldFor(option, { source, locale: this.session.locale, onremove });
    field.input.addEventListener('focus', () => this.#offerValues(field));
    field.input.addEventListener('input', () => this.#offerValues(field));
    field.input.addEventListener('blur', () => { this.box.hide(); field.input.value && field.check(); });
    this.#fields.set(option.name, field);
    this.adder.before(field.element);
    this.#showAdder();
    return field;
  }

  #remove(name) {
    this.#fields.get(name).element.remove();
    this.#fields.delete(name);
    this.#showAdder();
    this.adder.focus();
  }

  #showAdder() {
    const left = this.#unused().length;
    this.adder.placeholder = left ? `+ ${left} more` : '';
  }

  #next() {
    const empty = [...this.#fields.values()].find((field) => field.option.required && field.value === undefined);
    (empty?.input ?? this.adder).focus();
  }

  #offerOptions() {
    this.#asked += 1;
    const typed = this.adder.value.toLowerCase();
    const named = this.#unused().find(({ name }) => typed === `${name}:`);
    if (named) {
      this.adder.value = '';
      this.#add(named).input.focus();
      return;
    }
    const items = this.#unused()
      .map((option) => ({
        option,
        label: localized(option, 'name', this.session.locale),
        detail: localized(option, 'description', this.session.locale),
        mark: kindOf(option),
      }))
      .filter(({ label }) => label.startsWith(typed));
    const onpick = ({ option }) => {
      this.adder.value = '';
      this.#add(option).input.focus();
    };
    this.box.show(this.adder, items, { title: 'Options', active: typed ? 0 : -1, onpick });
  }

  /** The bot may be slow: only the answer to the latest question is shown, and only while it is being asked. */
  async #offerValues(field) {
    this.#asked += 1;
    const asked = this.#asked;
    this.box.hide();
    const items = await field.offers();
    if (asked !== this.#asked || document.activeElement !== field.input) return;
    const onpick = (item) => {
      field.pick(item);
      field.check();
      this.#next();
    };
    this.box.show(field.input, items, { title: field.title, active: field.input.value ? 0 : -1, onpick });
  }

  #key(event) {
    const act = {
      ArrowDown: () => this.box.move(1),
      ArrowUp: () => this.box.move(-1),
      Enter: () => this.box.pick() || this.#enter(event.target),
      Tab: () => !event.shiftKey && this.box.isOpen && this.box.pick(),
      Escape: () => (this.box.isOpen ? this.box.hide() : this.onleave()),
      Backspace: () => this.#erase(event.target),
    }[event.key];
    if (!act || event.isComposing) return;
    const passes = ['Tab', 'Backspace'].includes(event.key);
    if (act() || !passes) event.preventDefault();
  }

  /** Enter sends; on a file field that is still empty it opens the chooser. */
  #enter(target) {
    if (target.type === 'file' && !target.files.length && !this.#fieldOf(target).value) target.click();
    else this.send();
  }

  /** Backspace where nothing is left to erase goes one field back, and out of the command at its beginning. */
  #erase(target) {
    if (target.type !== 'file' && target.value) return false;
    const fields = [...this.#fields.values()];
    const field = this.#fieldOf(target);
    const before = fields[(field ? fields.indexOf(field) : fields.length) - 1];
    if (field && !field.option.required) this.#remove(field.option.name);
    if (before) before.input.focus();
    else if (!field || field.option.required) this.onleave();
    return true;
  }

  #fieldOf(input) {
    return [...this.#fields.values()].find((field) => field.input === input);
  }
}
