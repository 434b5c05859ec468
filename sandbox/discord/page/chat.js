/**
 * The conversation: what the person does goes to the sandbox, what the sandbox tells is shown. Everything that
 * fetches or is told goes through one queue, so that an older answer never covers newer news.
 */

import { listen } from './actions.js';
import * as api from './api.js';
import { typeable } from './commands.js';
import { Composer } from './composer.js';
import { Feed } from './feed.js';
import { openForm } from './form-dialog.js';
import { nameOf } from './message.js';
import { Session } from './session.js';
import { drawSidebar, titleOf } from './sidebar.js';
import { refreshRelativeTimes } from './times.js';

const TYPING_MS = 8000;
const TICK_MS = 1000;
const PAGE = 50;
const RECONNECT_MS = 1000;

export class Chat {
  #events = {
    hello: () => this.#enter().then(() => this.#load()),
    world: () => this.#enter(),
    bot: () => this.#enter(),
    commands: () => this.#loadCommands(),
    message_create: ({ channel, message }) => this.#received(channel, message),
    message_update: ({ channel, message }) => channel === this.session.channelId && this.feed.put(message),
    message_delete: ({ channel, message }) => channel === this.session.channelId && this.feed.remove(message),
    typing: ({ channel, user }) => channel === this.session.channelId && this.#showTyping(user),
  };

  #shown = null;
  #isWhole = false;
  #isLoading = false;
  #commands = [];
  #unread = new Set();
  #turn = Promise.resolve();
  #unwatch = () => {};
  #pendingCount = 0;
  #typingTimer;

  /** `page` has the elements of index.html by id; `notify(text)` tells the reader of a refusal. */
  constructor(page, notify) {
    this.page = page;
    this.notify = notify;
    this.session = new Session();
    this.feed = new Feed(page.messages, page.scroller, this.session, () => this.#loadOlder());
    this.composer = new Composer(page.composer, this.session, {
      say: (text, files = []) => this.#try(() => this.#say(text, files)),
      invoke: (leaf, values) => this.#invoke(leaf, values),
      ask: (leaf, values, name) => this.#ask(leaf, values, name),
      notify,
    });
    listen(page.messages, this.feed, this.session, {
      notify,
      commands: () => this.#commands,
      outcome: (outcome) => this.#formOf(outcome),
      beginThread: (channelId, message) => this.#beginThread(channelId, message),
    });
    setInterval(() => refreshRelativeTimes(page.messages, this.session.locale), TICK_MS);
  }

  /**
   * Becomes a person: their world, their private replies, their commands; the hello that follows shows the channel.
   * Whom the sandbox does not know (any more), it takes for the first person there is.
   */
  async actAs(userId) {
    this.#unwatch();
    if (userId !== this.session.userId) this.composer.reset();
    this.session.enter(await api.world(userId));
    this.#unread.clear();
    const told = (event) => this.#inTurn(() => this.#events[event.type]?.(event));
    this.#unwatch = api.watch(this.session.userId, told, () => this.#reconnect());
  }

  #reconnect() {
    this.#showOnline(false, 'connecting…');
    setTimeout(() => this.actAs(this.session.userId).catch(() => this.#reconnect()), RECONNECT_MS);
  }

  open(channelId) {
    this.session.open(channelId);
    this.composer.reset();
    this.#inTurn(() => this.#load());
  }

  suggest(text) {
    this.composer.suggest(text);
  }

  get #here() {
    return [this.session.userId, this.session.channelId];
  }

  #inTurn(act) {
    this.#turn = this.#turn.then(act).catch((error) => this.notify(error.message));
  }

  async #enter() {
    const { userId, channelId: before } = this.session;
    const world = await api.world(userId);
    if (userId !== this.session.userId) return; // Somebody else has begun to act meanwhile.
    this.session.enter(world);
    this.#draw();
    if (before === this.session.channelId) this.#refresh();
    else await this.#load();
  }

  /** The same messages, by new names and rights. */
  #refresh() {
    this.feed.refresh();
    this.composer.allow(this.#placeholder(), Boolean(this.session.channel?.can_send));
  }

  /** Shows the open channel: from scratch after a move, by its differences after a lost connection. */
  async #load() {
    const here = this.#here;
    this.#unread.delete(this.session.channelId);
    this.#draw();
    const messages = this.session.channel ? await api.messages(...here) : [];
    if (this.#shown === String(here)) {
      this.feed.sync(messages);
    } else {
      this.#shown = String(here);
      this.#isWhole = messages.length < PAGE;
      this.feed.show(messages);
    }
    this.composer.allow(this.#placeholder(), Boolean(this.session.channel?.can_send));
    await this.#loadCommands();
  }

  /** Older messages, when the reader comes near the beginning of those that are shown. */
  #loadOlder() {
    if (this.#isWhole || this.#isLoading || !this.feed.oldest) return;
    this.#isLoading = true;
    this.#inTurn(async () => {
      try {
        const here = String(this.#here);
        const messages = await api.messages(...this.#here, this.feed.oldest);
        if (here !== this.#shown) return;
        this.#isWhole = messages.length < PAGE;
        this.feed.prepend(messages);
      } finally {
        this.#isLoading = false;
      }
    });
  }

  async #loadCommands() {
    this.#commands = this.session.channel ? await api.commands(...this.#here) : [];
    this.composer.commands = typeable(this.#commands, this.session.locale);
  }

  #draw() {
    const { page, session } = this;
    drawSidebar(page, session, this.#unread, {
      onopen: (channelId) => {
        page.app.removeAttribute('data-sidebar');
        this.open(channelId);
      },
      onpost: (channelId) => this.#beginThread(channelId),
    });
    page.title.textContent = titleOf(session.channel, session);
    page.topic.textContent = session.channel?.topic ?? '';
    page.language.textContent = session.locale.slice(0, 2).toUpperCase();
    document.title = `${page.title.textContent} · Sandbox`;
    this.#showOnline(session.bot.online);
  }

  #placeholder() {
    return `Message ${titleOf(this.session.channel, this.session)}, or / for commands`;
  }

  #showOnline(isOnline, text = isOnline ? 'bot online' : 'bot offline') {
    this.page.online.textContent = text;
    this.page.online.dataset.online = isOnline;
  }

  #received(channel, message) {
    if (channel === this.session.channelId) {
      this.feed.put(message);
      this.page.typing.textContent = '';
      this.page.announce.textContent = `New message from ${nameOf(message.author)}`;
    } else if (message.author.id !== this.session.userId) {
      this.#unread.add(channel);
      this.#draw();
    }
  }

  #showTyping(userId) {
    const name = this.session.names.user(userId);
    clearTimeout(this.#typingTimer);
    this.page.typing.textContent = name && userId !== this.session.userId ? `${name} is typing…` : '';
    this.#typingTimer = setTimeout(() => { this.page.typing.textContent = ''; }, TYPING_MS);
  }

  /** Files go up first, as in any chat client, and then belong to the message. */
  async #say(text, files) {
    const here = this.#here;
    const uploads = await Promise.all(files.map((file) => api.upload(...here, file)));
    await api.say(...here, text, uploads.map(({ id }) => id));
  }

  /** Sends a command; until the bot answers, and if it does not, its place in the list is held by a note of ours. */
  async #invoke(leaf, values) {
    const pending = { id: `pending-${++this.#pendingCount}`, user: this.session.user, command: leaf.label };
    const here = this.#here;
    this.feed.putPending(pending);
    try {
      const outcome = await api.invoke(...here, leaf.path, await this.#uploaded(here, values));
      if (outcome.error) throw new Error(outcome.error);
      this.feed.remove(pending.id);
      this.#formOf(outcome);
    } catch (error) {
      if (String(here) === String(this.#here)) this.feed.putPending({ ...pending, error: error.message });
    }
  }

  /** Hands over files, alone or in lists; what is left are values that can be sent. */
  async #uploaded(here, values) {
    const idOf = async (value) => (value instanceof File ? (await api.upload(...here, value)).id : value);
    const entries = Object.entries(values).map(async ([name, value]) =>
      [name, await (Array.isArray(value) ? Promise.all(value.map(idOf)) : idOf(value))]);
    return Object.fromEntries(await Promise.all(entries));
  }

  /** The form that the bot answered with, if it did; what the form brings may be the next outcome. */
  async #formOf({ modal, interaction }) {
    if (!modal) return;
    const here = this.#here;
    const isSent = await openForm(modal, this.session, (values) => this.#refused(async () => {
      const outcome = await api.submit(here[0], interaction, await this.#uploaded(here, values));
      if (outcome.error) throw new Error(outcome.error);
    }));
    if (!isSent) api.dismiss(here[0], interaction).catch(() => {}); // The bot does not hear of it either way.
  }

  /** Asks for a name, in a forum for the first words too, and goes to the new thread. */
  async #beginThread(channelId, message = null) {
    const [userId] = this.#here;
    await openForm(threadForm(Boolean(message)), this.session, ({ name, content }) => this.#refused(async () => {
      const thread = await api.beginThread(userId, channelId, { name, content, message: message?.id });
      this.session.enter(await api.world(userId));
      this.open(thread.id);
    }));
  }

  async #refused(act) {
    try {
      await act();
      return null;
    } catch (error) {
      return error.message;
    }
  }

  /** Asks the bot for choices; files are not part of the question. */
  async #ask(leaf, values, name) {
    const told = Object.entries(values).filter(([, value]) => !(value instanceof File));
    try {
      return await api.autocomplete(...this.#here, leaf.path, Object.fromEntries(told), name);
    } catch {
      return []; // A bot that does not answer offers nothing; the command itself will tell what is wrong.
    }
  }

  async #try(act) {
    try {
      await act();
    } catch (error) {
      this.notify(error.message);
    }
  }
}

/** The page's own form for a new thread or post, in the shape of a bot's. */
function threadForm(isThread) {
  const labelled = (label, component) => ({ type: 18, label, component: { type: 4, ...component } });
  const name = labelled('Name', { custom_id: 'name', style: 1, required: true, max_length: 100 });
  const content = labelled('First message', { custom_id: 'content', style: 2, required: !isThread, max_length: 2000 });
  return { title: isThread ? 'New thread' : 'New post', components: [name, content] };
}
