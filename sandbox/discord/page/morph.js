/**
 * Turns one piece of the page into another by touching only what differs, so that an edited message
 * keeps its pictures, its focus, its open spoilers and its place.
 */

/** Makes `from` equal to `to` and returns the node that is in the page afterwards. */
export function morph(from, to) {
  if (!alike(from, to)) {
    from.replaceWith(to);
    return to;
  }
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return from;
  }
  morphAttributes(from, to);
  morphChildren(from, to);
  return from;
}

function alike(from, to) {
  return from.nodeName === to.nodeName && from.dataset?.key === to.dataset?.key;
}

function morphChildren(from, to) {
  const wanted = [...to.childNodes];
  wanted.forEach((child, index) => {
    const present = from.childNodes[index];
    if (present) morph(present, child);
    else from.append(child);
  });
  while (from.childNodes.length > wanted.length) from.lastChild.remove();
}

function morphAttributes(from, to) {
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !isLocal(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !isSameFile(from, name, value)) from.setAttribute(name, value);
  }
}

/** What the reader did to the page, such as opening a spoiler, is not undone by an edit. */
function isLocal(name) {
  return name.startsWith('data-local-');
}

/** Every edit brings freshly signed links to the same files: a picture that is shown need not be fetched again. */
function isSameFile(element, name, value) {
  if (name !== 'src' || !element.complete || !element.naturalWidth) return false;
  return element.src.split('?')[0] === new URL(value, location.href).href.split('?')[0];
}
