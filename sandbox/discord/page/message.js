/** One message as it stands in the list: who, when, what it answers, what it says, and what can be done with it. */

import { components, dots } from './components.js';
import { h, icon } from './dom.js';
import { embed } from './embeds.js';
import { attachment } from './files.js';
import { markdown } from './markdown.js';
import { messageTime } from './times.js';

const PRIVATE = 64;
const THINKING = 128;
const THREAD_CREATED = 18;
const AVATAR_HUES = 12;

/** The list item of a message. The scene adds `problem`, what went wrong with the last click, and `mayDelete`. */
export function messageItem(message, scene) {
  const flags = message.flags ?? 0;
  return h('li', {
    class: flags & PRIVATE ? 'message private' : 'message',
    'data-key': message.id,
    'data-message': message.id,
    'data-author': message.author.id,
  },
  answers(message, scene) ?? repliesTo(message, scene),
  avatar(message.author),
  h('div', { class: 'message-body' },
    heading(message, scene),
    flags & THINKING ? thinking(message.author) : content(message, scene),
    scene.problem && h('p', { class: 'problem', role: 'alert' }, scene.problem),
    Boolean(flags & PRIVATE) && privacy()),
  tools(message, scene));
}

/** A command that was sent and not answered yet, or never was. */
export function pendingItem({ id, user, command, error }) {
  return h('li', { class: 'message private pending', 'data-key': id, 'data-message': id },
    avatar(user),
    h('div', { class: 'message-body' },
      h('p', { class: 'heading' }, h('strong', {}, nameOf(user)), ' used ', h('span', { class: 'mention' }, `/${command}`)),
      error ? h('p', { class: 'problem', role: 'alert' }, error) : h('p', { class: 'thinking' }, 'Sending', dots()),
      error && privacy()));
}

/** A round picture without a picture: the initials, on a colour that stays the same for the same person. */
export function avatar(user) {
  const hue = (Number(BigInt(user.id) % 997n) % AVATAR_HUES) * (360 / AVATAR_HUES);
  const initials = nameOf(user).split(/\s+/).slice(0, 2).map((word) => [...word][0]).join('');
  return h('span', { class: 'avatar', style: `--hue: ${hue}`, 'aria-hidden': 'true' }, initials.toUpperCase());
}

/** What a person is called. */
export function nameOf(user) {
  return user.global_name ?? user.username;
}

function answers({ interaction, interaction_metadata: metadata }) {
  const user = interaction?.user ?? metadata?.user;
  if (!user || !interaction?.name) return null;
  return h('p', { class: 'answers' }, avatar(user), h('strong', {}, nameOf(user)), ' used ',
    h('span', { class: 'mention' }, commandText(interaction.name)));
}

/** Slash commands are lower case; those of menus need not be. */
function commandText(name) {
  return name === name.toLowerCase() ? `/${name}` : name;
}

/** What a message replies to, as far as that is in the list. */
function repliesTo({ message_reference: reference }, scene) {
  if (!reference) return null;
  const message = scene.find(reference.message_id);
  return h('p', { class: 'reply' }, icon('reply'), message ? [h('strong', {}, nameOf(message.author)),
    h('span', {}, message.content || 'a card')] : 'an earlier message');
}

function heading(message, scene) {
  return h('p', { class: 'heading' },
    h('button', { type: 'button', class: 'name', 'data-person': message.author.id }, nameOf(message.author)),
    message.author.bot && h('span', { class: 'badge' }, 'app'),
    h('time', { class: 'small', datetime: message.timestamp }, messageTime(message.timestamp, scene.names.locale)));
}

function thinking(author) {
  return h('p', { class: 'thinking' }, `${nameOf(author)} is thinking`, dots());
}

function content(message, scene) {
  return h('div', { class: 'content' },
    message.type === THREAD_CREATED && h('p', { class: 'muted' }, 'began a thread'),
    message.content && h('div', { class: 'text' }, markdown(message.content, scene.names)),
    message.embeds?.map((data) => embed(data, scene)),
    components(message.components ?? [], scene),
    isComponentsOnly(message) ? null : message.attachments?.map((file) => attachment(file, scene)),
    message.edited_timestamp && h('span', { class: 'small edited', title: message.edited_timestamp }, '(edited)'));
}

/** Components V2 show an attachment only where a component refers to it. */
function isComponentsOnly(message) {
  return Boolean((message.flags ?? 0) & 32768);
}

function privacy() {
  return h('p', { class: 'privacy small' }, icon('eye'), 'Only you can see this · ',
    h('button', { type: 'button', class: 'link', 'data-dismiss': true }, 'Dismiss message'));
}

function tools(message, scene) {
  if (message.flags & PRIVATE) return null;
  return h('div', { class: 'tools' },
    h('button', { type: 'button', class: 'tool', 'data-more': true, 'aria-haspopup': 'listbox', 'aria-label': 'Apps and more' },
      icon('more')),
    scene.mayDelete && h('button', { type: 'button', class: 'tool', 'data-delete': true, 'aria-label': 'Delete message' },
      icon('bin')));
}
