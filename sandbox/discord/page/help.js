/** What to try here: sections of words, texts to copy and examples, given by whoever runs the sandbox. */

import { h } from './dom.js';

const SAID_MS = 1500;
const KEYS = [
  ['/', 'the commands of the bot'],
  ['↑ ↓ Enter', 'choose from a list'],
  ['Tab', 'the next option'],
  ['Esc', 'close the list, then leave the command'],
  ['Backspace', 'in an empty option takes it out'],
];

/** Fills the panel; `ontry(text)` puts an example into the writing line. */
export function drawHelp(panel, sections, ontry) {
  panel.replaceChildren(...sections.map((section) => drawSection(section, ontry)), keys());
}

function drawSection({ title, text, copies = [], examples = [] }, ontry) {
  return h('section', {},
    h('h3', {}, title),
    text && h('p', {}, text),
    copies.length > 0 && h('ul', {}, copies.map(drawCopy)),
    examples.length > 0 && h('ul', {}, examples.map((example) => drawExample(example, ontry))));
}

/** Something that goes into another field than the writing line, like a key into a form. */
function drawCopy(words) {
  const copy = async () => {
    await navigator.clipboard.writeText(words);
    button.textContent = '✓ Copied';
    setTimeout(() => { button.textContent = words; }, SAID_MS);
  };
  const button = h('button', { type: 'button', class: 'example copy', title: 'Copy', onclick: copy }, words);
  return h('li', {}, button);
}

/** An example is a line to type: a whole command fills its options. */
function drawExample(line, ontry) {
  return h('li', {}, h('button', { type: 'button', class: 'example', onclick: () => ontry(line) }, line));
}

function keys() {
  return h('section', {},
    h('h3', {}, 'By keyboard'),
    h('dl', {}, KEYS.map(([key, does]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)])));
}
