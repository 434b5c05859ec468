/** Pictures, films and files of a message: to look at, to enlarge, to take home. */

import { h, icon, safeUrl } from './dom.js';

const UNITS = ['bytes', 'KB', 'MB', 'GB'];
const SHOWN = /^image\/(png|jpeg|gif|webp|avif)$/;
const PLAYED = /^video\/(mp4|webm|quicktime)$/;
const BY_ENDING = {
  png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', avif: 'image/avif',
  mp4: 'video/mp4', webm: 'video/webm', mov: 'video/quicktime',
};

/** A picture that can be enlarged, or a film that can be played; anything else as a file. */
export function picture(media, { description, spoiler }, scene, kind) {
  const type = contentType(media);
  const url = safeUrl(media.proxy_url ?? media.url);
  if (PLAYED.test(type)) return h('video', { class: kind, src: url, controls: true, preload: 'metadata' });
  if (!SHOWN.test(type) && kind !== 'thumbnail') return fileTile(media, scene);
  return h('button', {
    type: 'button',
    class: spoiler ? `${kind} picture spoiler` : `${kind} picture`,
    'data-zoom': url,
    'data-reveal': spoiler,
    'aria-label': description ? `Enlarge: ${description}` : 'Enlarge the picture',
  }, h('img', { src: url, alt: description ?? '', width: media.width, height: media.height }));
}

/** An attachment of a plain message. */
export function attachment(file, scene) {
  const isShown = SHOWN.test(contentType(file)) || PLAYED.test(contentType(file));
  return isShown ? picture(file, file, scene, 'gallery-item single') : fileTile(file, scene);
}

/** A file by name and size, with its download. */
export function fileTile(file, scene) {
  const name = file.filename ?? nameOf(file.url);
  const size = file.size ?? scene.files.find((other) => other.filename === name)?.size;
  const tile = h('div', { class: 'file' },
    icon('file'),
    h('div', { class: 'file-name' }, h('span', {}, name), h('span', { class: 'small' }, sizeText(size))),
    h('a', { class: 'file-download', href: safeUrl(file.url), download: name, 'aria-label': `Download ${name}` },
      icon('download')));
  return file.spoiler ? h('div', { class: 'spoiler block', role: 'button', tabindex: 0, 'data-reveal': true }, tile) : tile;
}

/** 1536 as "1.5 KB"; an unknown size as nothing. */
export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return '';
  const step = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${UNITS[step]}`;
}

function contentType(media) {
  const ending = nameOf(media.url).split('.').pop().toLowerCase();
  return (media.content_type ?? BY_ENDING[ending] ?? '').split(';')[0];
}

function nameOf(url) {
  const path = URL.parse(url, location.href)?.pathname ?? '';
  return path.split('/').pop();
}
