/**
 * The fields of a form. Each has an `id` (its custom id), an `element`, `value` as it is sent (undefined where nothing
 * was given), `check()` which shows what is wrong, and `focus()`.
 */

import { h } from './dom.js';
import { itemsOf } from './choices.js';

const PARAGRAPH = 2;
let fieldCount = 0;

const MAKERS = {
  4: textInput,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  19: fileUpload,
  21: (component) => optionGroup(component, 'radio'),
  22: (component) => optionGroup(component, 'checkbox'),
  23: checkbox,
};

/** The field for a component of a form. */
export function formField(component, { label, description }, session) {
  const id = `field-${++fieldCount}`;
  const { control, value, misfit } = MAKERS[component.type](component, session);
  const isGroup = control.localName === 'fieldset';
  const problem = h('p', { class: 'problem', role: 'alert', id: `${id}-problem`, hidden: true });
  const target = isGroup ? control.querySelector('input') : control;
  target.id = id;
  target.setAttribute('aria-describedby', `${id}-problem`);
  const title = [label, component.required && h('span', { class: 'required', 'aria-hidden': 'true' }, ' *')];
  const element = h('div', { class: 'form-field', 'data-field': component.custom_id },
    isGroup ? h('p', { class: 'form-label' }, title) : h('label', { class: 'form-label', for: id }, title),
    description && h('p', { class: 'small' }, description),
    control, problem);
  if (isGroup) control.setAttribute('aria-label', label);
  return {
    id: component.custom_id,
    element,
    focus: () => target.focus(),
    get value() { return value(); },
    check() {
      const words = misfit();
      problem.textContent = words ?? '';
      problem.hidden = !words;
      target.setAttribute('aria-invalid', String(Boolean(words)));
      return !words;
    },
  };
}

function textInput({ style, placeholder, value, required, min_length: min = 0, max_length: max = 4000 }) {
  const tag = style === PARAGRAPH ? 'textarea' : 'input';
  const control = h(tag, { class: 'form-input', placeholder, maxlength: max, autocomplete: 'off', rows: tag === 'textarea' && 4 });
  control.value = value ?? '';
  return {
    control,
    value: () => control.value,
    misfit: () => {
      if (!control.value) return required ? 'This is required.' : null;
      return control.value.length < min ? `At least ${min} characters are wanted here.` : null;
    },
  };
}

function select(component, session) {
  const { min_values: min, max_values: max, required, placeholder = 'Make a selection' } = component;
  const items = itemsOf(component, session);
  const many = max > 1;
  const options = items.map(({ value, label, detail, selected }) =>
    h('option', { value, selected }, detail ? `${label} (${detail})` : label));
  const empty = !many && h('option', { value: '' }, placeholder);
  const control = h('select', { class: 'form-input', multiple: many, size: many && Math.min(items.length, 6) }, empty, options);
  const chosen = () => [...control.selectedOptions].map((option) => option.value).filter(Boolean);
  return { control, value: chosen, misfit: () => misfitOfCount(chosen().length, { min, max, required }) };
}

function fileUpload({ min_values: min, max_values: max, required }) {
  const control = h('input', { type: 'file', class: 'form-input', multiple: max > 1 });
  return {
    control,
    value: () => [...control.files],
    misfit: () => misfitOfCount(control.files.length, { min, max, required }),
  };
}

function optionGroup({ options, required, min_values: min = 1, max_values: max = 1 }, type) {
  const name = `group-${fieldCount}`;
  const control = h('fieldset', { class: 'form-group' }, options.map(({ label, value, description, default: on }) =>
    h('label', { class: 'form-option' }, h('input', { type, name, value, checked: on }),
      h('span', {}, label, description && h('span', { class: 'small' }, ` ${description}`)))));
  const chosen = () => [...control.querySelectorAll('input:checked')].map((input) => input.value);
  return {
    control,
    value: () => (type === 'radio' ? chosen()[0] : chosen()),
    misfit: () => misfitOfCount(chosen().length, { min, max, required }),
  };
}

function checkbox({ default: on }) {
  const control = h('input', { type: 'checkbox', class: 'form-check', checked: on });
  return { control, value: () => control.checked, misfit: () => null };
}

function misfitOfCount(count, { min, max, required }) {
  if (!count) return required ? 'This is required.' : null;
  if (count < min) return `At least ${min} are wanted here.`;
  return count > max ? `At most ${max} are wanted here.` : null;
}
