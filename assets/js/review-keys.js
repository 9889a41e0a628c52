// Single keys. They rest while the person writes or a dialog is open, and can be turned off.
import { isTyping, $ } from "./dom.js";

const STORED = "baton.keys";
const ACTIONS = {
  j: (page) => page.step(1), k: (page) => page.step(-1), ArrowDown: (page) => page.step(1), ArrowUp: (page) => page.step(-1),
  a: (page) => page.approve(), r: (page) => page.reject(), R: (page) => page.reason(), e: (page) => page.edit(), t: (page) => page.attest(),
  u: (page) => page.undo(), A: (page) => page.approveField(), x: (page) => page.unknown(), g: (page) => page.gate(),
  f: (page) => page.finalize(), "?": (page) => page.help(), "/": (page) => page.search(),
};
const CHANGING = new Set(["a", "r", "R", "e", "t", "u", "A", "x", "f"]);

export function keys(page) {
  page.keysOn = localStorage.getItem(STORED) !== "off";
  page.turnKeys = (on) => {
    page.keysOn = on;
    localStorage.setItem(STORED, on ? "on" : "off");
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if ($("dialog[open]") || !(event.target instanceof Element)) return;
    if (isTyping(event.target)) return;
    if (!page.keysOn && event.key.length === 1) return;
    // In the record, the arrows scroll.
    if (event.key.startsWith("Arrow") && event.target.closest("#pane, .menu, summary")) return;
    if (event.repeat && CHANGING.has(event.key)) return;
    if (CHANGING.has(event.key) && !page.model.can.decide && event.key !== "f") return;
    const run = /^[1-9]$/.test(event.key) ? () => page.choose(Number(event.key) - 1) : ACTIONS[event.key];
    if (!run) return;
    event.preventDefault();
    run(page);
  });
}
