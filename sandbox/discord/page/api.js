/**
 * The sandbox's control API as the page needs it. Every call is made as a person; the API itself is told
 * at /sandbox/help. A refusal is thrown as an Error whose message can be shown.
 */

const RECONNECT_MS = 1000;

export const world = (user) => get('world', { user });
export const commands = (user, channel) => get('commands', { user, channel });
export const messages = async (user, channel) => (await get('messages', { user, channel, limit: 100 })).messages;

export const say = (user, channel, content) => send('POST', 'messages', { user, channel, content });
export const remove = (user, channel, message) => send('DELETE', `messages/${channel}/${message}?user=${user}`);
export const invoke = (user, channel, command, options) => send('POST', 'invoke', { user, channel, command, options });
export const click = (user, channel, message, custom_id) =>
  send('POST', 'click', { user, channel, message, custom_id });
export const select = (user, channel, message, custom_id, values) =>
  send('POST', 'select', { user, channel, message, custom_id, values });
export const setLocale = (user, locale) => send('PATCH', `users/${user}`, { locale });

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

/** What the demo suggests to try: `[{"title", "text", "examples": [..]}]`; nothing where nobody wrote any. */
export async function suggestions() {
  const response = await fetch('/sandbox/suggestions');
  return response.ok ? response.json() : [];
}

/**
 * Calls `onevent` for all that happens before this person's eyes, until the returned function is called.
 * After a lost connection it begins anew with a `hello`: whoever listens then fetches again.
 */
export function watch(user, onevent, onlost) {
  let over = false;
  let socket;
  const open = () => {
    socket = new WebSocket(`/sandbox/events?user=${user}`);
    socket.onmessage = (frame) => over || onevent(JSON.parse(frame.data));
    socket.onclose = () => {
      if (over) return;
      onlost();
      setTimeout(() => over || open(), RECONNECT_MS);
    };
  };
  open();
  return () => {
    over = true;
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
