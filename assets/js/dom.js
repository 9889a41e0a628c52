// Elements from words: text is always text, never markup.

/** h("p", { class: "x", onclick }, "words", element, null) */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

let timer;

/** Says something to everybody, in the corner of the page and to a screen reader. `action` is { label, run }. */
export function say(words, action) {
  const place = $("#messages");
  const message = h("p", { class: "message" }, h("span", null, words));
  if (action) message.append(h("button", { type: "button", onclick: () => (place.replaceChildren(), action.run()) }, action.label));
  place.replaceChildren(message);
  clearTimeout(timer);
  timer = setTimeout(() => message.contains(document.activeElement) || place.replaceChildren(), action ? 12000 : 5000);
}

/** Says that something went wrong; stays until it is closed or the next message comes. */
export function complain(words) {
  const place = $("#alerts");
  const close = h("button", { type: "button", onclick: () => place.replaceChildren() }, "Close");
  place.replaceChildren(h("p", { class: "message" }, h("span", null, words), close));
}

export const calm = () => $("#alerts").replaceChildren();

/** True while the person is writing: single keys are letters then. */
export function isTyping(target) {
  return target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])"));
}
