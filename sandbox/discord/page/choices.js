/** What a select offers: its own options, or the people, roles and channels of the place. */

import { nameOf } from './message.js';

const USER_SELECT = 5;
const ROLE_SELECT = 6;
const MENTIONABLE_SELECT = 7;
const CHANNEL_SELECT = 8;

/** `[{value, label, detail, selected}]` for a select component. */
export function itemsOf(component, session) {
  const preset = new Set((component.default_values ?? []).map(({ id }) => id));
  const listed = (things, label) =>
    things.map((thing) => ({ value: thing.id, label: label(thing), selected: preset.has(thing.id) }));
  const users = () => listed(session.users, nameOf);
  const roles = () => listed(session.guild?.roles ?? [], (role) => `@${role.name}`);
  const own = {
    [USER_SELECT]: users,
    [ROLE_SELECT]: roles,
    [MENTIONABLE_SELECT]: () => [...users(), ...roles()],
    [CHANNEL_SELECT]: () => listed(channelsFor(component, session), (channel) => `#${channel.name}`),
  };
  return own[component.type]?.() ?? component.options.map(optionItem);
}

function channelsFor({ channel_types: types = [] }, { guild }) {
  const all = [...(guild?.channels ?? []), ...(guild?.threads ?? [])];
  return types.length ? all.filter(({ type }) => types.includes(type)) : all;
}

function optionItem({ value, label, description, emoji, default: selected }) {
  const sign = emoji && emoji.id === undefined ? `${emoji.name} ` : '';
  return { value, label: `${sign}${label}`, detail: description, selected };
}
