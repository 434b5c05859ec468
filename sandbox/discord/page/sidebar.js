/** Where one can go: servers in the rail, their channels beside it, and below, who is acting. */

import { h, icon } from './dom.js';
import { avatar, nameOf } from './message.js';
import { Session } from './session.js';

const DIRECT = 'direct';

/**
 * Draws rail, channels and person for the session. `unread` holds ids of channels with something new;
 * `onopen(channelId)` opens one.
 */
export function drawSidebar(elements, session, unread, onopen) {
  const place = session.placeOf(session.channelId);
  elements.rail.replaceChildren(...places(session).map((item) => railButton(item, place, unread, onopen)));
  elements.placeName.textContent = session.guild?.name ?? 'Direct messages';
  elements.channels.replaceChildren(...channelsOf(session).map((item) => channelButton(item, session, unread, onopen)));
  elements.person.replaceChildren(...person(session));
}

/** What a channel is called, from the person's side; somebody who is nowhere has none. */
export function titleOf(channel, session) {
  return Session.isDirect(channel) ? partners(channel, session) : `#${channel?.name ?? 'nowhere'}`;
}

function partners({ recipients }, session) {
  return recipients.filter(({ id }) => id !== session.userId).map(nameOf).join(', ');
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

function channelButton(channel, session, unread, onopen) {
  const isDirect = Session.isDirect(channel);
  return h('li', {}, h('button', {
    type: 'button',
    class: 'channel',
    'aria-current': channel.id === session.channelId && 'page',
    'data-news': unread.has(channel.id),
    'data-channel': channel.id,
    onclick: () => onopen(channel.id),
  },
  isDirect ? icon('person') : h('span', { class: 'hash', 'aria-hidden': 'true' }, '#'),
  h('span', {}, isDirect ? partners(channel, session) : channel.name),
  !channel.can_send && icon('lock', 'read only')));
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
