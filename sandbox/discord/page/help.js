/** What to try here: sections of words, texts to copy and examples, given by whoever runs the sandbox. */

import { h } from './dom.js';

const KEYS = [
  ['/', 'the commands of the bot'],
  ['↑ ↓ Enter', 'choose from a list'],
  ['Tab', 'the next option'],
  ['Esc', 'close the list, then leave the command'],
  ['Backspace', 'in an empty option takes it out'],
];

/** Fills the panel; `ontry(text)` puts an example into the writing line, `notify(text)` says what was done. */
export function drawHelp(panel, sections, ontry, notify) {
  panel.replaceChildren(...sections.map((section) => drawSection(section, ontry, notify)), keys());
}

function drawSection({ title, text, copies = [], examples = [] }, ontry, notify) {
  return h('section', {},
    h('h3', {}, title),
    text && h('p', {}, text),
    copies.length > 0 && h('ul', {}, copies.map((words) => drawCopy(words, notify))),
    examples.length > 0 && h('ul', {}, examples.map((example) => drawExample(example, ontry))));
}

/** Something that goes into another field than the writing line, like a key into a form. */
function drawCopy(words, notify) {
  const copy = async () => {
    await navigator.clipboard.writeText(words);
    notify('Copied.');
  };
  return h('li', {}, h('button', { type: 'button', class: 'example copy', title: 'Copy', onclick: copy }, words));
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
