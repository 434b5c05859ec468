/**
 * Forms: what a bot opens before a person (a modal), and what the page itself asks, in the same shape. The dialog stays
 * until what it says was taken, or the reader leaves it.
 */

import { h, icon } from './dom.js';
import { formField } from './form-fields.js';
import { markdown } from './markdown.js';

const ROW = 1;
const TEXT = 10;
const LABEL = 18;

/**
 * Opens `{title, components}` as Discord's API gives it. `send(values)` gets the values by custom id and resolves to a
 * problem in words, or to nothing; resolves to true once it was sent, to false if it was left.
 */
export function openForm(modal, session, send) {
  const { promise, resolve } = Promise.withResolvers();
  const before = document.activeElement;
  const fields = [];
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const submit = h('button', { type: 'submit', class: 'button primary' }, 'Submit');
  const cancel = h('button', { type: 'button', class: 'button secondary', onclick: () => close(false) }, 'Cancel');
  const form = h('form', { class: 'form', novalidate: true, onsubmit: (event) => submitted(event) },
    h('header', { class: 'form-head' },
      h('h2', { id: 'formTitle' }, modal.title),
      h('button', { type: 'button', class: 'tool', 'aria-label': 'Close', onclick: () => close(false) }, icon('close'))),
    h('div', { class: 'form-body' }, modal.components.map((component) => part(component))),
    problem,
    h('footer', { class: 'form-foot' }, cancel, submit));
  const dialog = h('dialog', { class: 'form-dialog', 'aria-labelledby': 'formTitle' }, form);

  function part(component) {
    if (component.type === TEXT) return h('div', { class: 'text' }, markdown(component.content, session.names));
    if (component.type === ROW) return component.components.map((inner) => add(inner, inner.label));
    return component.type === LABEL ? add(component.component, component.label, component.description) : null;
  }

  function add(component, label, description) {
    const field = formField(component, { label, description }, session);
    fields.push(field);
    return field.element;
  }

  async function submitted(event) {
    event.preventDefault();
    const wrong = fields.find((field) => !field.check());
    if (wrong) return wrong.focus();
    submit.disabled = true;
    const words = await send(Object.fromEntries(fields.map((field) => [field.id, field.value])));
    submit.disabled = false;
    if (!words) return close(true);
    problem.textContent = words;
    problem.hidden = false;
    return problem.scrollIntoView({ block: 'nearest' });
  }

  function close(isSent) {
    dialog.remove();
    before?.focus?.();
    resolve(isSent);
  }

  dialog.addEventListener('cancel', () => close(false));
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.focus();
  return promise;
}
