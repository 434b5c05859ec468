/**
 * The list of messages. An edit changes only what differs; whoever reads the end of the list stays at the end, and
 * whoever reads further up is not moved.
 */

import { messageItem, pendingItem } from './message.js';
import { morph } from './morph.js';

const NEAR_END_PX = 40;
const NEAR_START_PX = 300;
const SAME_BREATH_MS = 5 * 60 * 1000;

export class Feed {
  #list;
  #scroller;
  #session;
  #rows = new Map();
  #followsEnd = true;
  #scrollTop = 0;

  #onstart;

  /** `scroller` scrolls `list`; the session tells names and rights; `onstart()` is asked for what is older. */
  constructor(list, scroller, session, onstart) {
    this.#onstart = onstart;
    this.#list = list;
    this.#scroller = scroller;
    this.#session = session;
    scroller.addEventListener('scroll', () => this.#scrolled());
    new ResizeObserver(() => this.#stay()).observe(list);
    new ResizeObserver(() => this.#stay()).observe(scroller);
  }

  /** Shows these messages, oldest first, and their end. */
  show(messages) {
    this.#rows = new Map(messages.map((message) => [message.id, { message, busy: new Set() }]));
    this.#list.replaceChildren(...messages.map(({ id }) => this.#draw(id)));
    this.#group();
    this.toEnd();
  }

  /** Puts older messages above, and keeps in place what is being read. */
  prepend(messages) {
    const { scrollHeight, scrollTop } = this.#scroller;
    const older = messages.filter(({ id }) => !this.#rows.has(id));
    this.#rows = new Map([...older.map((message) => [message.id, { message, busy: new Set() }]), ...this.#rows]);
    this.#list.prepend(...older.map(({ id }) => this.#draw(id)));
    this.#group();
    this.#scroller.scrollTop = scrollTop + this.#scroller.scrollHeight - scrollHeight;
  }

  /** The id of the oldest message in the list. */
  get oldest() {
    return [...this.#rows.values()].find(({ message }) => message)?.message.id;
  }

  /** Brings the list to these messages without drawing anew what is already there. */
  sync(messages) {
    const present = new Set(messages.map(({ id }) => id));
    const since = messages.length ? BigInt(messages[0].id) : 0n;
    for (const [id, row] of [...this.#rows]) {
      if (row.message && BigInt(id) >= since && !present.has(id)) this.remove(id);
    }
    for (const message of messages) this.put(message);
  }

  /** A new message, or a changed one. */
  put(message) {
    const row = this.#rows.get(message.id);
    this.#rows.set(message.id, { busy: new Set(), ...row, message });
    if (row) this.#redraw(message.id);
    else this.#insert(message.id);
  }

  /** A command under way: `{id, user, command, error}`. */
  putPending(pending) {
    const isNew = !this.#rows.has(pending.id);
    this.#rows.set(pending.id, { pending });
    if (isNew) this.#list.append(this.#draw(pending.id));
    else this.#redraw(pending.id);
    this.toEnd();
  }

  remove(id) {
    this.#rows.delete(id);
    this.#element(id)?.remove();
    this.#group();
  }

  message(id) {
    return this.#rows.get(id)?.message;
  }

  /** Marks a button or menu as waiting for its answer; a new click forgets the last one's problem. */
  setBusy(id, customId, isBusy) {
    const row = this.#rows.get(id);
    if (!row) return;
    row.problem = null;
    if (isBusy) row.busy.add(customId);
    else row.busy.delete(customId);
    this.#redraw(id);
  }

  setProblem(id, problem) {
    const row = this.#rows.get(id);
    if (!row) return;
    row.problem = problem;
    this.#redraw(id);
  }

  /** Draws all again, after names or rights have changed. */
  refresh() {
    for (const id of this.#rows.keys()) this.#redraw(id);
  }

  toEnd() {
    this.#followsEnd = true;
    this.#stay();
  }

  #stay() {
    if (this.#followsEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Only a reader scrolls up; that the end moves down, as pictures arrive, is no reason to leave it. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const isNearEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#followsEnd = isNearEnd || (this.#followsEnd && scrollTop >= this.#scrollTop);
    this.#scrollTop = scrollTop;
    if (scrollTop < NEAR_START_PX) this.#onstart();
  }

  #insert(id) {
    const later = [...this.#list.children].find(({ dataset }) => isLater(dataset.message, id));
    this.#list.insertBefore(this.#draw(id), later ?? null);
    this.#group();
  }

  #redraw(id) {
    morph(this.#element(id), this.#draw(id));
  }

  #draw(id) {
    const { message, pending, busy, problem } = this.#rows.get(id);
    if (pending) return pendingItem(pending);
    return messageItem(message, {
      names: this.#session.names,
      files: message.attachments ?? [],
      busy,
      problem,
      find: (other) => this.message(other),
      mayDelete: this.#session.mayDelete(message),
    });
  }

  #element(id) {
    return [...this.#list.children].find(({ dataset }) => dataset.message === id);
  }

  /** Messages that one author wrote in one breath stand together under one name. */
  #group() {
    let before = null;
    for (const element of this.#list.children) {
      const { message } = this.#rows.get(element.dataset.message);
      element.toggleAttribute('data-local-compact', Boolean(before && message && continues(before, message)));
      before = message;
    }
  }
}

function continues(before, message) {
  return before.author.id === message.author.id
    && !message.interaction
    && before.flags === message.flags
    && new Date(message.timestamp) - new Date(before.timestamp) < SAME_BREATH_MS;
}

/** Ids are numbers in time's order; what is pending has none yet and stays last. */
function isLater(id, than) {
  return !/^\d+$/.test(id) || BigInt(id) > BigInt(than);
}
