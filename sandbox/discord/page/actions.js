/**
 * What a click in the list of messages does. One listener for all: messages are redrawn at any time, and what was
 * drawn anew needs no listener of its own.
 */

import * as api from './api.js';
import { findComponent } from './components.js';
import { enlarge } from './lightbox.js';
import { choose } from './menu.js';
import { nameOf } from './message.js';

const USER_SELECT = 5;
const ROLE_SELECT = 6;
const MENTIONABLE_SELECT = 7;
const CHANNEL_SELECT = 8;

/** Makes the messages of `feed`, drawn in `list`, answer to clicks of the session's person. */
export function listen(list, feed, session, notify) {
  const kinds = {
    click: (id, customId) => wait(id, customId, () => api.click(session.userId, session.channelId, id, customId)),
    select: (id, customId, element) => select(id, customId, element),
    zoom: (id, url, element) => enlarge(url, element.querySelector('img')?.alt ?? ''),
    dismiss: (id) => (feed.message(id) ? remove(id) : feed.remove(id)),
    delete: remove,
  };

  list.addEventListener('click', (event) => {
    if (reveal(event.target)) return;
    for (const [kind, act] of Object.entries(kinds)) {
      const element = event.target.closest(`[data-${kind}]`);
      if (!element || element.ariaBusy === 'true') continue;
      act(element.closest('[data-message]').dataset.message, element.dataset[kind], element);
    }
  });
  list.addEventListener('keydown', (event) => {
    if (['Enter', ' '].includes(event.key) && reveal(event.target)) event.preventDefault();
  });

  /** Spins while the bot has not answered, and says so when it did not. */
  async function wait(id, customId, act) {
    feed.setBusy(id, customId, true);
    let problem = null;
    try {
      problem = (await act()).error;
    } catch (error) {
      problem = error.message;
    }
    feed.setBusy(id, customId, false);
    feed.setProblem(id, problem);
  }

  async function select(id, customId, element) {
    const component = findComponent(feed.message(id).components, customId);
    const { placeholder = 'Make a selection', min_values: min = 1, max_values: max = 1 } = component;
    const values = await choose(element, { title: placeholder, items: itemsOf(component, session), min, max });
    if (values) await wait(id, customId, () => api.select(session.userId, session.channelId, id, customId, values));
  }

  async function remove(id) {
    try {
      await api.remove(session.userId, session.channelId, id);
    } catch (error) {
      notify(error.message);
    }
  }
}

/** Opens a spoiler; true when there was one to open. */
function reveal(target) {
  const spoiler = target.closest('[data-reveal]:not([data-local-open])');
  spoiler?.setAttribute('data-local-open', '');
  return Boolean(spoiler);
}

function itemsOf(component, session) {
  const users = session.users.map((user) => ({ value: user.id, label: nameOf(user) }));
  const roles = (session.guild?.roles ?? []).map((role) => ({ value: role.id, label: `@${role.name}` }));
  const channels = (session.guild?.channels ?? []).map((channel) => ({ value: channel.id, label: `#${channel.name}` }));
  const own = {
    [USER_SELECT]: users,
    [ROLE_SELECT]: roles,
    [MENTIONABLE_SELECT]: [...users, ...roles],
    [CHANNEL_SELECT]: channels,
  };
  return own[component.type] ?? component.options.map((option) => ({
    value: option.value,
    label: option.emoji?.id === undefined && option.emoji ? `${option.emoji.name} ${option.label}` : option.label,
    detail: option.description,
    selected: option.default,
  }));
}
