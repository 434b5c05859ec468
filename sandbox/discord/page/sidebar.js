/** Where one can go: servers in the rail, their channels beside it, and below, who is acting. */

import { h, icon } from './dom.js';
import { avatar, nameOf } from './message.js';
import { Session } from './session.js';

const DIRECT = 'direct';
const VOICE = 2;
const FORUM = 15;
const THREADS = [11, 12];
const ICONS = { 1: 'person', [VOICE]: 'voice', 3: 'person', 11: 'thread', 12: 'thread', [FORUM]: 'forum' };

/**
 * Draws rail, channels and person for the session. `unread` holds ids of channels with something new;
 * `onopen(channelId)` opens one, `onpost(channelId)` begins a post in a forum.
 */
export function drawSidebar(elements, session, unread, { onopen, onpost }) {
  const place = session.placeOf(session.channelId);
  elements.rail.replaceChildren(...places(session).map((item) => railButton(item, place, unread, onopen)));
  elements.placeName.textContent = session.guild?.name ?? 'Direct messages';
  const rows = channelsOf(session).flatMap((channel) => [channel, ...session.threadsOf(channel.id)]);
  elements.channels.replaceChildren(...rows.map((item) => channelRow(item, session, unread, { onopen, onpost })));
  elements.person.replaceChildren(...person(session));
}

/** What a channel is called, from the person's side; somebody who is nowhere has none. */
export function titleOf(channel, session) {
  if (Session.isDirect(channel)) return partners(channel, session);
  return THREADS.includes(channel?.type) ? channel.name : `#${channel?.name ?? 'nowhere'}`;
}

function partners({ recipients, name }, session) {
  return name || recipients.filter(({ id }) => id !== session.userId).map(nameOf).join(', ');
}

function places(session) {
  const direct = { id: DIRECT, name: 'Direct messages', channels: session.directChannels };
  return [direct, ...session.guilds].filter(({ channels }) => channels.length);
}

function channelsOf(session) {
  return session.guild?.channels ?? session.directChannels;
}

function railButton({ id, name, channels }, place, unread, onopen) {
  const isCurrent = id === place;
  const hasNews = !isCurrent && channels.some((channel) => unread.has(channel.id));
  const initials = name.split(/\s+/).slice(0, 2).map((word) => [...word][0]).join('').toUpperCase();
  return h('button', {
    type: 'button',
    class: 'rail-button',
    'aria-label': hasNews ? `${name}, new messages` : name,
    'aria-current': isCurrent && 'true',
    'data-news': hasNews,
    title: name,
    onclick: () => onopen(channels[0].id),
  }, id === DIRECT ? icon('direct') : initials);
}

function channelRow(channel, session, unread, { onopen, onpost }) {
  if (channel.type === FORUM) return forumRow(channel, onpost);
  return h('li', {}, channelButton(channel, session, unread, onopen));
}

/** A forum is not a place to talk in, its posts are; they stand below it. */
function forumRow(channel, onpost) {
  const label = `New post in ${channel.name}`;
  return h('li', { class: 'channel-row' },
    h('span', { class: 'channel forum' }, icon('forum'), h('span', {}, channel.name)),
    h('button', { type: 'button', class: 'tool', 'aria-label': label, title: label, 'data-post': channel.id,
      onclick: () => onpost(channel.id) }, icon('plus')));
}

function channelButton(channel, session, unread, onopen) {
  const isDirect = Session.isDirect(channel);
  const drawing = ICONS[channel.type];
  return h('button', {
    type: 'button',
    class: THREADS.includes(channel.type) ? 'channel thread' : 'channel',
    'aria-current': channel.id === session.channelId && 'page',
    'data-news': unread.has(channel.id),
    'data-channel': channel.id,
    onclick: () => onopen(channel.id),
  },
  drawing ? icon(drawing) : h('span', { class: 'hash', 'aria-hidden': 'true' }, '#'),
  h('span', {}, isDirect ? partners(channel, session) : channel.name),
  !channel.can_send && icon('lock', 'read only'));
}

function person(session) {
  return [
    avatar(session.user),
    h('span', { class: 'person-name' },
      h('strong', {}, nameOf(session.user)),
      h('span', { class: 'small' }, `${session.isModerator() ? 'moderator' : 'member'} · ${session.locale}`)),
    icon('switch'),
  ];
}
