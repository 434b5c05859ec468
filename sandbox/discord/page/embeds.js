/** Embeds of a message: a box with a coloured edge. */

import { h, safeUrl } from './dom.js';
import { picture } from './files.js';
import { markdown } from './markdown.js';

/** The box of one embed. */
export function embed(data, scene) {
  const { color, title, url, description, author, fields = [], image, thumbnail, footer } = data;
  const edge = Number.isInteger(color) ? `--accent-line: #${color.toString(16).padStart(6, '0')}` : null;
  return h('div', { class: 'embed', style: edge },
    author && h('p', { class: 'small' }, author.name),
    title && h('p', { class: 'embed-title' }, linked(title, url)),
    description && h('div', { class: 'text' }, markdown(description, scene.names)),
    fields.length > 0 && h('dl', { class: 'embed-fields' }, fields.map((field) => fieldOf(field, scene))),
    (image ?? thumbnail) && picture(image ?? thumbnail, {}, scene, 'gallery-item single'),
    footer && h('p', { class: 'small' }, footer.text));
}

function linked(title, url) {
  const href = url && safeUrl(url);
  return href ? h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, title) : title;
}

function fieldOf({ name, value, inline }, scene) {
  return h('div', { class: inline ? 'inline' : null }, h('dt', {}, name), h('dd', {}, markdown(value, scene.names)));
}
