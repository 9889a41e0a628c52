// The record beside the draft: one source at a time, the evidence marked, the moment in sight.
import { $, h, complain } from "./dom.js";
import { TurnSearch, rangeIn } from "./search.js";

/** UTF-16 places for a range counted in Unicode scalar values. */
export function toUnits(text, [start, end]) {
  let unit = 0;
  let scalar = 0;
  const out = [text.length, text.length];
  for (const c of text) {
    if (scalar === start) out[0] = unit;
    if (scalar === end) out[1] = unit;
    scalar += 1;
    unit += c.length;
  }
  return out;
}

export class Transcript {
  #loaded = new Map();
  #shown = null;
  #aim = null;

  /** `sources` are { id, name, kind_label }; `pane` holds the tabs, the search bar and the scroll box; `leave` takes the focus back. */
  constructor(pane, sources, leave) {
    this.pane = pane;
    this.sources = sources;
    this.box = $(".pane-scroll", pane);
    this.tabs = $(".pane-tabs", pane);
    for (const name of ["wheel", "touchmove", "keydown"]) this.box.addEventListener(name, () => (this.#aim = null), { passive: true });
    this.search = new TurnSearch($("[data-find]", pane), (turn) => this.#reveal(turn), leave);
    this.#drawTabs();
  }

  #drawTabs() {
    const tab = (source) => h("button", {
      type: "button", role: "tab", id: `tab-${source.id}`, "aria-controls": "pane-scroll", "aria-selected": "false",
      tabindex: "-1", title: source.kind_label, onclick: () => this.show(source.id), "data-source": source.id,
    }, source.name, h("span", { class: "tab-count" }));
    this.tabs.replaceChildren(...this.sources.map(tab));
    this.tabs.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const all = [...this.tabs.children];
      const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
      next.focus();
      next.click();
    });
  }

  /** Loads what the next items cite, before it is asked for. */
  async load(id) {
    if (!this.#loaded.has(id)) {
      this.#loaded.set(id, fetch(`/sources/${encodeURIComponent(id)}/turns`, { credentials: "same-origin" }).then(async (response) => {
        if (!response.ok) throw new Error(String(response.status));
        const template = document.createElement("template");
        template.innerHTML = await response.text();
        return template.content.firstElementChild;
      }));
    }
    try {
      return await this.#loaded.get(id);
    } catch {
      this.#loaded.delete(id);
      return null;
    }
  }

  async show(id) {
    this.wanted = id;
    const turns = await this.load(id);
    if (this.wanted !== id) return null;
    if (!turns) {
      complain("The transcript could not be loaded.");
      return null;
    }
    if (this.#shown !== id) {
      this.#shown = id;
      this.box.replaceChildren(turns);
      this.box.scrollTop = 0;
      this.search.use(turns);
      this.box.setAttribute("aria-labelledby", `tab-${id}`);
      for (const tab of this.tabs.children) {
        const isShown = tab.dataset.source === id;
        tab.setAttribute("aria-selected", String(isShown));
        tab.tabIndex = isShown ? 0 : -1;
        if (isShown) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    }
    return turns;
  }

  /** Marks every citation of an item and brings the chosen one into sight. */
  async showCitation(citations, chosen) {
    this.#countInTabs(citations);
    const citation = citations[chosen];
    if (!citation?.source_id) return;
    const turns = await this.show(citation.source_id);
    if (!turns) return;
    this.#unmark();
    citations.forEach((other, at) => {
      if (other.source_id === citation.source_id && at !== chosen) this.#mark(turns, other, false);
    });
    const turn = this.#mark(turns, citation, true);
    this.search.repaint();
    if (turn) this.#reveal(turn);
  }

  #countInTabs(citations) {
    for (const tab of this.tabs.children) {
      const cited = citations.filter((citation) => citation.source_id === tab.dataset.source).length;
      $(".tab-count", tab).textContent = cited ? ` ${cited}` : "";
    }
  }

  #mark(turns, citation, isChosen) {
    const turn = turns.querySelector(`[data-turn="${Number(citation.turn)}"]`);
    const said = turn && $(".said", turn);
    if (!said) return null;
    const [start, end] = toUnits(said.textContent, citation.chars);
    const range = end > start ? rangeIn(said, start, end) : null;
    if (range) {
      const mark = h("mark", { class: `${citation.role}${isChosen ? " chosen" : ""}` });
      mark.append(range.extractContents());
      range.insertNode(mark);
    }
    turn.classList.add("cited");
    turn.classList.toggle("chosen", isChosen);
    return turn;
  }

  #unmark() {
    for (const turn of this.box.querySelectorAll(".cited")) {
      turn.classList.remove("cited", "chosen");
      const said = $(".said", turn);
      said.textContent = said.textContent;
    }
  }

  #reveal(turn) {
    // Heights of turns out of sight are guesses until they are seen, so the place is looked up until it stays.
    const center = (left) => {
      const box = this.box.getBoundingClientRect();
      const place = turn.getBoundingClientRect();
      const off = place.top - box.top - Math.max(16, (box.height - place.height) * 0.35);
      if (Math.abs(off) > 2) this.box.scrollTop += off;
      if (left > 0) requestAnimationFrame(() => requestAnimationFrame(() => this.#aim === turn && center(left - 1)));
    };
    this.#aim = turn;
    center(4);
  }
}
