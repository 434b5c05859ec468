/** Menus on messages and on people: the bot's commands for them, and what the page itself can do. */

import * as api from './api.js';
import { localized } from './commands.js';
import { choose } from './menu.js';
import { nameOf } from './message.js';

const ON_PERSON = 2;
const ON_MESSAGE = 3;
const TEXT_CHANNEL = 0;
const PRIVATE = 64;

/** Asks what to do with a message, and does it. */
export async function messageMenu(anchor, message, session, on) {
  const isPublic = !(message.flags & PRIVATE);
  const own = [
    isPublic && session.channel.type === TEXT_CHANNEL && ['thread', 'Start a thread'],
    session.mayDelete(message) && ['delete', 'Delete message'],
  ].filter(Boolean).map(([value, label]) => ({ value, label }));
  const items = [...(isPublic ? commandItems(on.commands(), ON_MESSAGE, session) : []), ...own];
  const chosen = items.length ? await choose(anchor, { title: 'Message', items }) : null;
  if (!chosen) return;
  if (chosen[0] === 'delete') await api.remove(session.userId, session.channelId, message.id);
  else if (chosen[0] === 'thread') await on.beginThread(session.channelId, message);
  else on.outcome(await use('message', message.id, chosen[0], session));
}

/** Asks what to do with a person, and does it. */
export async function personMenu(anchor, userId, session, on) {
  const items = commandItems(on.commands(), ON_PERSON, session);
  const title = nameOf(session.users.find(({ id }) => id === userId));
  const empty = [{ value: null, label: 'The bot has no commands for people here' }];
  const chosen = await choose(anchor, { title, items: items.length ? items : empty });
  if (chosen?.[0]) on.outcome(await use('person', userId, chosen[0], session));
}

async function use(kind, target, command, session) {
  const outcome = await api.use(session.userId, session.channelId, kind, target, command.slice(1));
  if (outcome.error) throw new Error(outcome.error);
  return outcome;
}

/** A command's value has a mark before its name, so that it is never one of the page's own. */
function commandItems(commands, type, session) {
  return commands.filter((command) => command.type === type).map((command) => ({
    value: `/${command.name}`,
    label: localized(command, 'name', session.locale),
    detail: 'app',
  }));
}
