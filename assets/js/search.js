// Search in a transcript: over texts folded once, painted with the Highlight API, so that no key lays the page out anew.
import { $ } from "./dom.js";

const MOST = 500;
const folds = new Map();

/** Lower case and without accents, unit by unit: places in the folded text are places in the text. */
export function fold(text) {
  let out = "";
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at];
    let folded = folds.get(unit);
    if (folded === undefined) {
      folded = unit.toLowerCase().normalize("NFD")[0] ?? unit;
      folds.set(unit, folded);
    }
    out += folded;
  }
  return out;
}

/** A range over the text of `element`, from UTF-16 unit `start` to `end`, whatever elements it holds. */
export function rangeIn(element, start, end) {
  const range = document.createRange();
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let at = 0;
  let begun = false;
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const next = at + node.length;
    if (!begun && start < next) {
      range.setStart(node, start - at);
      begun = true;
    }
    if (begun && end <= next) {
      range.setEnd(node, end - at);
      return range;
    }
    at = next;
  }
  return null;
}

/** Search over the `.said` of a list of turns. `scroll` brings an element into sight. */
export class TurnSearch {
  #turns = [];
  #matches = [];
  #at = -1;
  #query = "";
  #leave;

  constructor(bar, scroll, leave = () => this.input.blur()) {
    this.input = $("[data-find-input]", bar);
    this.count = $("[data-find-count]", bar);
    this.scroll = scroll;
    this.#leave = leave;
    this.input.addEventListener("input", () => this.find(this.input.value));
    this.input.addEventListener("keydown", (event) => this.#key(event));
    $("[data-find-next]", bar).addEventListener("click", () => this.step(1));
    $("[data-find-prev]", bar).addEventListener("click", () => this.step(-1));
  }

  /** Another list of turns is shown. */
  use(turns) {
    this.#turns = [...turns.querySelectorAll(".said")].map((said) => ({ said, text: null }));
    this.find(this.input.value);
  }

  find(words) {
    this.#query = fold(words.trim());
    this.#matches = [];
    this.#at = -1;
    if (this.#query.length >= 2) this.#collect();
    this.#paint();
    this.#tell();
  }

  #collect() {
    for (const turn of this.#turns) {
      turn.text ??= fold(turn.said.textContent);
      for (let at = turn.text.indexOf(this.#query); at >= 0; at = turn.text.indexOf(this.#query, at + this.#query.length)) {
        this.#matches.push({ said: turn.said, start: at });
      }
    }
  }

  /** The elements of the list were changed: the same words stand elsewhere in the tree. */
  repaint() {
    this.#paint();
  }

  step(by) {
    const all = this.#matches.length;
    if (!all) return;
    this.#at = this.#at < 0 ? (by > 0 ? 0 : all - 1) : (this.#at + by + all) % all;
    this.#paint();
    this.#tell();
    this.scroll(this.#matches[this.#at].said.closest("li"));
  }

  #paint() {
    if (!window.Highlight || !CSS.highlights) return;
    const from = Math.max(0, this.#at - MOST / 2);
    const near = this.#matches.slice(from, from + MOST);
    const range = ({ said, start }) => rangeIn(said, start, start + this.#query.length);
    CSS.highlights.set("found", new Highlight(...near.map(range).filter(Boolean)));
    const current = this.#at >= 0 ? range(this.#matches[this.#at]) : null;
    CSS.highlights.set("found-current", current ? new Highlight(current) : new Highlight());
  }

  #tell() {
    const all = this.#matches.length;
    if (this.#query.length < 2) this.count.textContent = "";
    else if (!all) this.count.textContent = "not found";
    else this.count.textContent = this.#at < 0 ? `${all} found` : `${this.#at + 1} of ${all}`;
  }

  #key(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      this.input.value = "";
      this.find("");
      this.#leave();
    }
  }
}
