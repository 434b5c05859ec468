/** The writing line: plain messages, and commands from the first slash on. */

import { CommandForm } from './command-form.js';
import { matching, parsed } from './commands.js';
import { ListBox } from './listbox.js';

export class Composer {
  #commands = [];
  #form = null;

  /**
   * `element` is the form in index.html. `on` says what to do: `say(text, files)`, `invoke(leaf, values)`,
   * `ask(leaf, values, name)`, `notify(text)`.
   */
  constructor(element, session, on) {
    Object.assign(this, { element, session, on });
    this.text = element.querySelector('#text');
    this.box = new ListBox(element.querySelector('#suggest'));
    element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.text.addEventListener('input', () => this.#offerCommands());
    this.text.addEventListener('focus', () => this.#offerCommands());
    this.text.addEventListener('blur', () => this.box.hide());
    this.text.addEventListener('keydown', (event) => this.#key(event));
    element.addEventListener('paste', (event) => this.#accept(event, event.clipboardData.files));
  }

  /** The commands that may be used here; a command that is being filled in stays open. */
  set commands(list) {
    this.#commands = list;
    if (document.activeElement === this.text) this.#offerCommands();
  }

  /** Empties the line, for another channel or person. */
  reset() {
    this.#leave();
    this.text.value = '';
  }

  /** Says what can be written here; locked where the person may not write. */
  allow(placeholder, canSend) {
    this.text.placeholder = canSend ? placeholder : 'You may not write here.';
    this.text.disabled = !canSend;
  }

  /** Puts an example into the line; a whole command fills its options. */
  suggest(text) {
    this.#leave();
    const command = parsed(this.#commands, text);
    if (command) {
      this.#open(command.leaf, command.values);
      return;
    }
    this.text.value = text;
    this.text.focus();
    this.#offerCommands();
  }

  /** Files dropped anywhere on the chat: for the command that is being filled in, else a message of their own. */
  drop(event) {
    this.#accept(event, event.dataTransfer.files);
  }

  #accept(event, files) {
    if (!files.length) return;
    event.preventDefault();
    if (!this.#form) {
      this.on.say(this.text.value.trim(), [...files]);
      this.text.value = '';
      return;
    }
    const isTaken = [...files].map((file) => Boolean(this.#form.accept(file)));
    if (isTaken.includes(false)) this.on.notify('This command takes no more files.');
  }

  #offerCommands() {
    const typed = this.text.value;
    if (!typed.startsWith('/')) {
      this.box.hide();
      return;
    }
    const items = matching(this.#commands, typed.trimEnd());
    if (typed.endsWith(' ') && items.length === 1 && `/${items[0].label} ` === typed) {
      this.#open(items[0]);
      return;
    }
    const shown = items.map((leaf) => ({ leaf, label: `/${leaf.label}`, detail: leaf.description }));
    this.box.show(this.text, shown, { title: 'Commands', active: 0, onpick: ({ leaf }) => this.#open(leaf) });
  }

  #open(leaf, values = {}) {
    this.#leave();
    this.#form = new CommandForm(leaf, {
      session: this.session,
      box: this.box,
      ask: this.on.ask,
      onsend: (...command) => {
        this.#leave();
        this.text.value = '';
        this.text.focus();
        this.on.invoke(...command);
      },
      onleave: () => {
        this.#leave();
        this.text.value = '';
        this.text.focus();
      },
    });
    this.text.hidden = true;
    this.text.after(this.#form.element);
    this.#form.fill(values);
  }

  #leave() {
    this.box.hide();
    this.#form?.element.remove();
    this.#form = null;
    this.text.hidden = false;
  }

  #send() {
    if (this.#form) {
      this.#form.send();
      return;
    }
    const text = this.text.value.trim();
    if (!text) return;
    const command = text.startsWith('/') && parsed(this.#commands, text);
    if (command) {
      this.#sendWhole(command);
      return;
    }
    this.text.value = '';
    this.on.say(text);
  }

  /** A command that was typed or pasted as one line: its options are shown filled in, and sent if nothing is missing. */
  async #sendWhole({ leaf, values }) {
    this.#open(leaf);
    const form = this.#form;
    await form.fill(values);
    if (form === this.#form) form.send();
  }

  #key(event) {
    const act = {
      ArrowDown: () => this.box.move(1),
      ArrowUp: () => this.box.move(-1),
      Enter: () => this.box.pick() || this.#send(),
      Tab: () => this.box.pick(),
      Escape: () => this.box.hide(),
    }[event.key];
    if (!act || event.isComposing || (event.key !== 'Enter' && !this.box.isOpen)) return;
    event.preventDefault();
    act();
  }
}
