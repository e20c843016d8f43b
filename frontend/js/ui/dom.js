// @ts-check
// Builds nodes. Text goes in as text nodes, never as markup.

/** @typedef {import('../core/model.js').Verb} Verb */
/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with attributes, which may be left out, and children. A property
 * whose name begins with "on" is a listener; true and false set and leave out
 * an attribute.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any> | Child} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  if (props?.constructor === Object) {
    for (const [name, value] of Object.entries(props)) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else attr(node, name, value);
    }
  } else {
    children.unshift(/** @type {Child} */ (props));
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

/**
 * A node of a drawing.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) attr(node, name, value);
  node.append(...children);
  return node;
}

/**
 * Sets an attribute, only where it changes.
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value null, undefined and false take it away
 */
export function attr(node, name, value) {
  if (value === null || value === undefined || value === false) {
    node.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/**
 * Sets the text of a node, only where it changes: a live region then speaks
 * only of what is new.
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Puts these children in place, in this order, and keeps those already there
 * untouched, so that focus and scroll survive.
 * @param {Element} parent
 * @param {readonly Element[]} children
 */
export function arrange(parent, children) {
  const keep = new Set(children);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of children) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}

/**
 * Says upwards what the person asked for.
 * @param {Element} node
 * @param {Verb} verb
 */
export function emit(node, verb) {
  node.dispatchEvent(new CustomEvent('verb', { bubbles: true, detail: verb }));
}

let ids = 0;

/**
 * An id that no other node has.
 * @param {string} name
 */
export function uniqueId(name) {
  return `${name}-${ids++}`;
}
