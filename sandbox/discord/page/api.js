/**
 * The sandbox's control API as the page needs it. Every call is made as a person; the API itself is told
 * at /sandbox/help. A refusal is thrown as an Error whose message can be shown.
 */

export const world = (user) => get('world', { user });
export const commands = (user, channel) => get('commands', { user, channel });
export const messages = async (user, channel, before) =>
  (await get('messages', { user, channel, before, limit: 50 })).messages;

export const say = (user, channel, content, uploads = []) =>
  send('POST', 'messages', { user, channel, content, uploads });
export const remove = (user, channel, message) => send('DELETE', `messages/${channel}/${message}?user=${user}`);
export const invoke = (user, channel, command, options) => send('POST', 'invoke', { user, channel, command, options });
export const click = (user, channel, message, custom_id) =>
  send('POST', 'click', { user, channel, message, custom_id });
export const select = (user, channel, message, custom_id, values) =>
  send('POST', 'select', { user, channel, message, custom_id, values });
export const use = (user, channel, on, target, command) => send('POST', 'use', { user, channel, on, target, command });
export const submit = (user, interaction, values) => send('POST', 'submit', { user, interaction, values });
export const dismiss = (user, interaction) => send('POST', 'dismiss', { user, interaction });
export const beginThread = (user, channel, thread) => send('POST', 'threads', { user, channel, ...thread });
export const setLocale = (user, locale) => send('PATCH', `users/${user}`, { locale });
export const setInstalled = (user, installed) => send('PATCH', `users/${user}`, { installed });

/** What the bot offers for a half-typed option: a list, empty when it does not answer. */
export async function autocomplete(user, channel, command, options, focused) {
  const outcome = await send('POST', 'autocomplete', { user, channel, command, options, focused });
  return outcome.choices ?? [];
}

/** Hands a file over; its id is the value of an attachment option. */
export async function upload(user, channel, file) {
  const form = new FormData();
  form.append('file', file, file.name);
  const query = new URLSearchParams({ user, channel });
  return answer(await fetch(`/sandbox/uploads?${query}`, { method: 'POST', body: form }));
}

/** What the demo suggests to try: `[{title, text, examples: [line]}]`. */
export const suggestions = () => send('GET', 'suggestions');

/**
 * Calls `onevent` for all that happens before this person's eyes, from a first `hello` on, and `onlost` when the
 * connection is gone. The returned function ends it, quietly.
 */
export function watch(user, onevent, onlost) {
  const socket = new WebSocket(`/sandbox/events?user=${user}`);
  socket.onmessage = (frame) => onevent(JSON.parse(frame.data));
  socket.onclose = onlost;
  return () => {
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  };
}

const get = (path, query) => {
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return send('GET', `${path}?${new URLSearchParams(known)}`);
};

async function send(method, path, body) {
  const request = { method };
  if (body) Object.assign(request, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return answer(await fetch(`/sandbox/${path}`, request));
}

async function answer(response) {
  const body = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(body.message);
  return body;
}
