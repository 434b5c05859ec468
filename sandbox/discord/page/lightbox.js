/** A picture as large as the window allows. */

import { h, icon } from './dom.js';

/** Shows the picture until Escape, a click beside it or its button closes it. */
export function enlarge(url, description) {
  const dialog = h('dialog', { class: 'lightbox', 'aria-label': description || 'Picture' },
    h('img', { src: url, alt: description }),
    h('p', {},
      description && h('span', {}, description),
      h('a', { href: url, target: '_blank', rel: 'noopener' }, 'Open the original'),
      h('button', {
        type: 'button',
        class: 'tool',
        autofocus: true,
        'aria-label': 'Close',
        onclick: () => dialog.close(),
      }, icon('close'))));
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
