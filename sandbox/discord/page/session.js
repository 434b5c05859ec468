/**
 * Who is looking, and where: the acting person, the open channel, and the world as that person's client knows it.
 * The address bar holds both ids, so that two windows can be two people and a reload stays in place.
 */

import { nameOf } from './message.js';

const MANAGE = 1n << 5n | 1n << 3n;
const CONVERSATIONS = [1, 3];
const DIRECT = 'direct';

export class Session {
  #world;

  constructor(address = location.hash) {
    const known = new URLSearchParams(address.slice(1));
    this.userId = known.get('as');
    this.channelId = known.get('channel');
  }

  /** Takes what the control API tells of the world; a channel that is not there any more is left. */
  enter(world) {
    this.#world = world;
    this.userId = world.user.id;
    if (!this.channel) this.channelId = this.#firstChannel();
    this.remember();
  }

  open(channelId) {
    this.channelId = channelId;
    this.remember();
  }

  remember() {
    const address = new URLSearchParams({ as: this.userId, channel: this.channelId ?? '' });
    history.replaceState(null, '', `#${address}`);
  }

  get user() {
    return this.#world.user;
  }

  get locale() {
    return this.user.locale;
  }

  get bot() {
    return this.#world.bot;
  }

  get guilds() {
    return this.#world.guilds;
  }

  get directChannels() {
    return this.#world.dms;
  }

  /** Everyone who can be acted as: people, not bots. */
  get people() {
    return this.#world.users.filter((user) => !user.bot);
  }

  /** Everyone there is, the bot too. */
  get users() {
    return this.#world.users;
  }

  get channel() {
    return this.#channels().find((channel) => channel.id === this.channelId) ?? null;
  }

  /** Whether a channel is a conversation outside of servers. */
  static isDirect(channel) {
    return CONVERSATIONS.includes(channel?.type);
  }

  /** The server of the open channel; null in direct messages. */
  get guild() {
    return this.guildOf(this.channelId);
  }

  guildOf(channelId) {
    return this.guilds.find((guild) => inside(guild).some((channel) => channel.id === channelId)) ?? null;
  }

  /** What a group of channels is called in the rail: the server's id, or `direct`. */
  placeOf(channelId) {
    return this.guildOf(channelId)?.id ?? DIRECT;
  }

  /** The threads and posts of a channel. */
  threadsOf(channelId) {
    return (this.guildOf(channelId)?.threads ?? []).filter(({ parent_id: parent }) => parent === channelId);
  }

  /** Whether the person may delete a message. */
  mayDelete(message) {
    return message.author.id === this.userId || this.isModerator();
  }

  /** Whether the person may manage the open server, and so delete what others wrote. */
  isModerator(userId = this.userId, guild = this.guild) {
    if (!guild) return false;
    if (guild.owner_id === userId) return true;
    const member = guild.members.find(({ user_id: id }) => id === userId);
    const roles = guild.roles.filter((role) => role.id === guild.id || member?.roles.includes(role.id));
    return roles.some((role) => BigInt(role.permissions) & MANAGE);
  }

  /** How to call what messages mention; see markdown.js. */
  get names() {
    const called = (list, id, name) => list.filter((item) => item.id === id).map(name)[0] ?? null;
    return {
      locale: this.locale,
      user: (id) => called(this.users, id, nameOf),
      role: (id) => called(this.guilds.flatMap((guild) => guild.roles), id, (role) => role.name),
      channel: (id) => called(this.guilds.flatMap(inside), id, (channel) => channel.name),
    };
  }

  #channels() {
    return [...this.guilds.flatMap(inside), ...this.directChannels];
  }

  #firstChannel() {
    return this.guilds[0]?.channels[0]?.id ?? this.directChannels[0]?.id ?? null;
  }
}

function inside({ channels, threads }) {
  return [...channels, ...threads];
}
