/** Where the values offered for an option come from: `source(typed)` resolves to `[{label, detail, value}]`. */

import { localized } from './commands.js';
import { nameOf } from './message.js';

const MOST = 25;

export const STRING = 3;
export const INTEGER = 4;
export const BOOLEAN = 5;
export const USER = 6;
export const CHANNEL = 7;
export const ROLE = 8;
export const MENTIONABLE = 9;
export const NUMBER = 10;
export const ATTACHMENT = 11;

const KINDS = {
  [STRING]: 'text',
  [INTEGER]: 'whole number',
  [BOOLEAN]: 'yes or no',
  [USER]: 'member',
  [CHANNEL]: 'channel',
  [ROLE]: 'role',
  [MENTIONABLE]: 'member or role',
  [NUMBER]: 'number',
  [ATTACHMENT]: 'file',
};

/** What kind of value an option takes, in words. */
export const kindOf = (option) => KINDS[option.type];

/** The source of an option's values, or null where anything may be typed. `ask(typed)` asks the bot. */
export function sourceOf(option, session, ask) {
  if (option.autocomplete) return async (typed) => (await ask(typed)).map((choice) => item(choice, session.locale));
  if (option.choices?.length) return among(option.choices.map((choice) => item(choice, session.locale)));
  const listed = { [BOOLEAN]: truths, [USER]: members, [CHANNEL]: channels, [ROLE]: roles, [MENTIONABLE]: mentionables };
  return listed[option.type] ? among(listed[option.type](session)) : null;
}

/** Whether only an offered value will do. */
export function isClosed(option) {
  return Boolean(option.choices?.length) || [BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE].includes(option.type);
}

function among(items) {
  return async (typed) => {
    const wanted = typed.toLowerCase();
    return items.filter(({ label }) => label.toLowerCase().includes(wanted)).slice(0, MOST);
  };
}

function item(choice, locale) {
  return { label: localized(choice, 'name', locale), value: choice.value };
}

const truths = () => [{ label: 'True', value: true }, { label: 'False', value: false }];
const members = (session) => session.users.map((user) => ({ label: nameOf(user), detail: user.username, value: user.id }));
const channels = ({ guild }) => (guild?.channels ?? []).map(({ id, name }) => ({ label: `#${name}`, value: id }));
const roles = ({ guild }) => (guild?.roles ?? []).map(({ id, name }) => ({ label: `@${name}`, value: id }));
const mentionables = (session) => [...members(session), ...roles(session)];
