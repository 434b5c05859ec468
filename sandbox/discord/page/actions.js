/**
 * What a click in the list of messages does. One listener for all: messages are redrawn at any time, and what was
 * drawn anew needs no listener of its own.
 */

import * as api from './api.js';
import { itemsOf } from './choices.js';
import { findComponent } from './components.js';
import { enlarge } from './lightbox.js';
import { choose } from './menu.js';
import { nameOf } from './message.js';
import { personMenu, messageMenu } from './context-menus.js';

/**
 * Makes the messages of `feed`, drawn in `list`, answer to clicks of the session's person. `on` knows the `commands`
 * of the place, opens forms (`outcome`) and channels (`open`), and tells of refusals (`notify`).
 */
export function listen(list, feed, session, on) {
  const kinds = {
    click: (id, customId) => wait(id, customId, () => api.click(session.userId, session.channelId, id, customId)),
    select: (id, customId, element) => select(id, customId, element),
    zoom: (id, url, element) => enlarge(url, element.querySelector('img')?.alt ?? ''),
    dismiss: (id) => (feed.message(id) ? remove(id) : feed.remove(id)),
    delete: remove,
    more: (id, _value, element) => menuOf(() => messageMenu(element, feed.message(id), session, on)),
    person: (id, userId, element) => menuOf(() => personMenu(element, userId, session, on)),
  };

  list.addEventListener('click', (event) => {
    if (reveal(event.target)) return;
    for (const [kind, act] of Object.entries(kinds)) {
      const element = event.target.closest(`[data-${kind}]`);
      if (!element || element.ariaBusy === 'true') continue;
      act(element.closest('[data-message]').dataset.message, element.dataset[kind], element);
    }
  });
  list.addEventListener('contextmenu', (event) => {
    const element = event.target.closest('[data-message]');
    const name = event.target.closest('[data-person]');
    if (!element || event.target.closest('a, img') || !feed.message(element.dataset.message)) return;
    event.preventDefault();
    if (name) kinds.person(null, name.dataset.person, name);
    else kinds.more(element.dataset.message, null, element.querySelector('[data-more]') ?? element);
  });
  list.addEventListener('keydown', (event) => {
    if (['Enter', ' '].includes(event.key) && reveal(event.target)) event.preventDefault();
  });

  /** Spins while the bot has not answered, and says so when it did not. */
  async function wait(id, customId, act) {
    feed.setBusy(id, customId, true);
    let problem = null;
    try {
      const outcome = await act();
      problem = outcome.error;
      on.outcome(outcome);
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

  async function menuOf(act) {
    try {
      await act();
    } catch (error) {
      on.notify(error.message);
    }
  }

  async function remove(id) {
    try {
      await api.remove(session.userId, session.channelId, id);
    } catch (error) {
      on.notify(error.message);
    }
  }
}

/** Opens a spoiler; true when there was one to open. */
function reveal(target) {
  const spoiler = target.closest('[data-reveal]:not([data-local-open])');
  spoiler?.setAttribute('data-local-open', '');
  return Boolean(spoiler);
}
