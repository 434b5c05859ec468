/**
 * Builds elements. What people and bots wrote goes in as text nodes and attribute values, never as HTML.
 */

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes, listeners (`onclick: f`) and children; null, undefined and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true && !name.startsWith('aria-') ? '' : value);
  }
  element.append(...present(children));
  return element;
}

/** One of the drawings at the top of index.html; without a label it is an ornament. */
export function icon(name, label) {
  const svg = document.createElementNS(SVG, 'svg');
  const use = document.createElementNS(SVG, 'use');
  svg.setAttribute('class', `icon icon-${name}`);
  if (label) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
  } else {
    svg.setAttribute('aria-hidden', 'true');
  }
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** A link that may be followed: only http and https, all else is shown as plain text. */
export function safeUrl(text) {
  const url = URL.parse(text, location.href);
  return url && ['http:', 'https:', 'blob:'].includes(url.protocol) ? url.href : null;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
