/**
 * Draws message components, as Discord's API gives them, as page elements. What can be clicked says so in its
 * data attributes; the listening is done in one place (actions.js), so that an edit may replace any of it.
 *
 * The scene: `names` for mentions, `busy` with the custom ids that wait for an answer, `files` of the message.
 */

import { h, icon, safeUrl } from './dom.js';
import { fileTile, picture } from './files.js';
import { markdown } from './markdown.js';

const BUTTON_STYLES = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'secondary', 6: 'premium' };
const LINK_STYLE = 5;

const DRAWN = {
  1: actionRow,
  2: button,
  3: selectMenu,
  5: selectMenu,
  6: selectMenu,
  7: selectMenu,
  8: selectMenu,
  9: section,
  10: textDisplay,
  11: (component, scene) => picture(component.media, component, scene, 'thumbnail'),
  12: gallery,
  13: (component, scene) => fileTile({ ...component, ...component.file, filename: component.name }, scene),
  14: separator,
  17: container,
};

/** The elements of a list of components; a kind that is not known is named, not left out. */
export function components(list, scene) {
  return list.map((component) => (DRAWN[component.type] ?? unknown)(component, scene));
}

function unknown(component) {
  return h('p', { class: 'small' }, `[component of type ${component.type}]`);
}

function container({ components: inner, accent_color: accent, spoiler }, scene) {
  const colour = Number.isInteger(accent) ? `--accent-line: #${accent.toString(16).padStart(6, '0')}` : null;
  const box = h('div', { class: 'container', style: colour }, components(inner, scene));
  return spoiler ? h('div', { class: 'spoiler block', role: 'button', tabindex: 0, 'data-reveal': true }, box) : box;
}

function section({ components: texts, accessory }, scene) {
  return h('div', { class: 'section' },
    h('div', { class: 'section-text' }, components(texts, scene)),
    h('div', { class: 'section-accessory' }, components([accessory], scene)));
}

function textDisplay({ content }, scene) {
  return h('div', { class: 'text' }, markdown(content, scene.names));
}

function gallery({ items }, scene) {
  return h('div', { class: 'gallery', 'data-count': Math.min(items.length, 4) },
    items.map((item) => picture(item.media, item, scene, 'gallery-item')));
}

function separator({ divider = true, spacing = 1 }) {
  return h('hr', { class: 'separator', 'data-divider': divider, 'data-spacing': spacing });
}

function actionRow({ components: inner }, scene) {
  return h('div', { class: 'action-row' }, components(inner, scene));
}

function button(component, scene) {
  const { style, label, emoji, url, custom_id: id, disabled = false } = component;
  const face = [emoji && emojiText(emoji), label && h('span', {}, label)];
  if (style === LINK_STYLE) return linkButton(safeUrl(url), face, disabled);
  const busy = scene.busy.has(id);
  return h('button', {
    type: 'button',
    class: `button ${BUTTON_STYLES[style] ?? 'secondary'}`,
    'data-key': id,
    'data-click': id,
    'aria-label': label || emoji?.name,
    'aria-busy': busy,
    disabled: disabled || !id,
  }, face, busy && dots());
}

function linkButton(href, face, disabled) {
  const open = href && !disabled;
  return h('a', {
    class: 'button secondary',
    href: open ? href : null,
    target: '_blank',
    rel: 'noopener noreferrer',
    'aria-disabled': !open,
  }, face, icon('outside'));
}

function selectMenu(component, scene) {
  const { custom_id: id, placeholder = 'Make a selection', options = [], disabled = false } = component;
  const chosen = options.filter((option) => option.default);
  const busy = scene.busy.has(id);
  return h('button', {
    type: 'button',
    class: 'select',
    'data-key': id,
    'data-select': id,
    'aria-haspopup': 'listbox',
    'aria-busy': busy,
    disabled,
  }, h('span', { class: chosen.length ? '' : 'muted' }, chosen.map((option) => option.label).join(', ') || placeholder),
  busy ? dots() : icon('down'));
}

/** The words of a label may hold no markdown, but an emoji of a server has no picture here: its name stands for it. */
function emojiText(emoji) {
  return h('span', { class: 'emoji', 'aria-hidden': 'true' }, emoji.id ? `:${emoji.name}:` : emoji.name);
}

/** Three dots that move: something is under way. */
export function dots() {
  return h('span', { class: 'dots', role: 'presentation' }, h('i'), h('i'), h('i'));
}

/** The component with this custom id, wherever it is nested. */
export function findComponent(list, id) {
  for (const component of list) {
    if (component.custom_id === id) return component;
    const inner = [...(component.components ?? []), ...(component.accessory ? [component.accessory] : [])];
    const found = findComponent(inner, id);
    if (found) return found;
  }
  return null;
}
