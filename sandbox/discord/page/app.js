/** The chat page: puts its parts together. */

import * as api from './api.js';
import { Chat } from './chat.js';
import { drawHelp } from './help.js';
import { choose } from './menu.js';
import { nameOf } from './message.js';
import { setUpTheme } from './theme.js';

const NOTICE_MS = 6000;
const INSTALL = 'install';
const LANGUAGES = [
  ['en-US', 'English'], ['en-GB', 'English, UK'], ['es-ES', 'Español'], ['es-419', 'Español, Latinoamérica'],
  ['de', 'Deutsch'], ['fr', 'Français'], ['ja', '日本語'],
];

const page = Object.fromEntries([...document.querySelectorAll('[id]')].map((element) => [element.id, element]));
const chat = new Chat(page, notify);
let noticeTimer;

setUpTheme(page.theme);
page.person.addEventListener('click', () => switchPerson().catch(complain));
page.language.addEventListener('click', () => switchLanguage().catch(complain));
page.menu.addEventListener('click', () => page.app.toggleAttribute('data-sidebar'));
page.shade.addEventListener('click', () => page.app.removeAttribute('data-sidebar'));
page.helpButton.addEventListener('click', toggleHelp);
page.closeHelp.addEventListener('click', toggleHelp);
page.main.addEventListener('dragover', (event) => event.preventDefault());
page.main.addEventListener('drop', (event) => chat.composer.drop(event));
document.addEventListener('keydown', leaveDrawers);

await chat.actAs(chat.session.userId);
drawHelp(page.helpText, await api.suggestions(), tryExample);

async function switchPerson() {
  const { session } = chat;
  const items = session.people.map((user) => ({
    value: user.id,
    label: nameOf(user),
    detail: [session.guilds.some((guild) => session.isModerator(user.id, guild)) && 'moderator', user.locale]
      .filter(Boolean).join(' · '),
    selected: user.id === session.userId,
  }));
  const { id, installed } = session.user;
  const account = installed ? 'Remove the app from this account' : 'Add the app to this account';
  const chosen = await choose(page.person, { title: 'Act as', items: [...items, { value: INSTALL, label: account }] });
  page.app.removeAttribute('data-sidebar');
  if (chosen?.[0] === INSTALL) {
    await api.setInstalled(id, !installed);
    await chat.actAs(id);
  } else if (chosen) await chat.actAs(chosen[0]);
}

async function switchLanguage() {
  const { session } = chat;
  const items = LANGUAGES.map(([value, label]) => ({ value, label, detail: value, selected: value === session.locale }));
  const chosen = await choose(page.language, { title: `${nameOf(session.user)} reads`, items });
  if (!chosen) return;
  await api.setLocale(session.userId, chosen[0]);
  await chat.actAs(session.userId);
}

function toggleHelp() {
  const isOpen = page.app.toggleAttribute('data-help');
  page.helpButton.setAttribute('aria-expanded', String(isOpen));
}

function tryExample(text) {
  if (matchMedia('(max-width: 900px)').matches) toggleHelp();
  chat.suggest(text);
}

function leaveDrawers(event) {
  if (event.key === 'Escape') page.app.removeAttribute('data-sidebar');
}

function complain(error) {
  notify(error.message);
}

function notify(text) {
  page.notice.textContent = text;
  page.notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { page.notice.hidden = true; }, NOTICE_MS);
}
