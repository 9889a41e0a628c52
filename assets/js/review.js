// The review: what is shown, where the focus is, and what a key or a button does.
import "./dialog.js";
import { $, $$, calm, complain, h, isTyping, say } from "./dom.js";
import { Actions } from "./review-actions.js";
import { card, drawCounts } from "./review-cards.js";
import { attestDialog, finalizeDialog, gateDialog, helpDialog, readAttributes, reasonDialog } from "./review-forms.js";
import { Model, percent, warnings } from "./review-model.js";
import { keys } from "./review-keys.js";
import { Transcript } from "./transcript.js";

class Page {
  current = null;
  editing = false;

  constructor(data) {
    this.model = new Model(data);
    this.cards = $("#cards");
    this.pane = $("#pane");
    this.transcript = new Transcript(this.pane, this.model.sources, () => this.closePane());
    this.actions = new Actions(this.model, { changed: (id) => this.redraw(id), goTo: (id) => this.goTo(id), list: () => this.draw() });
    $("#tools").hidden = false;
    this.draw();
    const first = this.model.entries().find((id) => this.model.isOpen(id)) ?? this.model.entries()[0];
    if (first) this.goTo(first, { focus: false });
    this.#listen();
    keys(this);
  }

  get item() {
    return this.current ? this.model.items.get(this.current) ?? null : null;
  }

  draw() {
    const entries = this.model.entries();
    if (!entries.includes(this.current)) this.current = null;
    this.cards.replaceChildren(...entries.map((id) => this.#card(id)));
    if (!entries.length) this.cards.append(h("li", { class: "empty-state" }, "Nothing here."));
    drawCounts(this.model);
  }

  #card(id) {
    const isCurrent = id === this.current;
    return card(this.model, id, { isCurrent, isEditing: isCurrent && this.editing });
  }

  redraw(id) {
    drawCounts(this.model);
    const old = document.getElementById(`card-${id}`);
    if (!old) return;
    if (id === this.current && this.editing && old.querySelector("form")) return;
    const focus = old.contains(document.activeElement) ? document.activeElement : null;
    const again = focus?.dataset.do ? `[data-do="${focus.dataset.do}"]` : focus?.dataset.citation ? `[data-citation="${focus.dataset.citation}"]` : ".statement, .item-line";
    const fresh = this.#card(id);
    const wasOpen = old.querySelector("details[open]");
    old.replaceWith(fresh);
    if (wasOpen) fresh.querySelector("details")?.setAttribute("open", "");
    if (focus) (fresh.querySelector(again) ?? fresh.querySelector(".statement, .item-line"))?.focus({ preventScroll: true });
  }

  /** Opens an entry, where the last one stood on the screen, so that the eye need not move. */
  goTo(id, { focus = true } = {}) {
    if (this.model.filter && this.model.fieldOf(id) !== this.model.filter) this.setFilter(null);
    const last = this.current;
    const lastTop = last && document.getElementById(`card-${last}`)?.getBoundingClientRect().top;
    [this.current, this.editing] = [id, false];
    if (last && last !== id) this.redraw(last);
    this.redraw(id);
    const now = document.getElementById(`card-${id}`);
    if (!now) return;
    if (focus) this.#focusStatement();
    if (focus) this.#settle(now, lastTop);
    this.#showRecord();
    const source = this.model.items.get(this.#after(id))?.citations[0]?.source_id;
    if (source) this.transcript.load(source);
    if (this.item) this.actions.complete(this.item);
  }

  #settle(now, lastTop) {
    const header = $(".review-bar").getBoundingClientRect().bottom + 10;
    const room = window.innerHeight * 0.45;
    const wanted = Math.min(Math.max(lastTop ?? header, header), room);
    window.scrollBy(0, now.getBoundingClientRect().top - wanted);
  }

  #showRecord() {
    const item = this.item;
    if (item?.citations.length) this.transcript.showCitation(item.citations, item.chosen);
  }

  choose(at) {
    const item = this.item;
    if (!item?.citations[at]) return;
    item.chosen = at;
    for (const quote of $$(`#card-${CSS.escape(item.id)} .quote`)) quote.setAttribute("aria-pressed", String(Number(quote.dataset.citation) === at));
    this.pane.classList.add("open");
    this.#showRecord();
    const { speaker, source } = item.citations[at];
    this.announce(`Quote ${at + 1}: ${speaker ?? "speaker not named"}, ${source}, shown in the record.`);
  }

  step(by) {
    const entries = this.model.entries();
    const at = entries.indexOf(this.current) + by;
    if (at < 0 || at >= entries.length) return say(by > 0 ? "This is the last one." : "This is the first one.");
    this.goTo(entries[at]);
  }

  #after(id, isWanted = this.model.isOpen) {
    const entries = this.model.entries();
    const at = entries.indexOf(id);
    return [...entries.slice(at + 1), ...entries.slice(0, Math.max(at, 0))].find(isWanted) ?? null;
  }

  /** Goes to the next open entry; at the end, says so and offers what comes next. */
  advance(words) {
    calm();
    const next = this.#after(this.current);
    const { all, decided } = this.model.counts();
    if (next) {
      this.goTo(next);
      const item = this.item;
      const told = item ? [this.model.heading(item.field), percent(item) == null ? "" : `${percent(item)}% sure`, ...warnings(item)].filter(Boolean).join(", ") : "nothing in the record";
      this.announce(`${words} ${decided} of ${all} decided. Next: ${told}.`);
      return;
    }
    this.redraw(this.current);
    const { filter, can } = this.model;
    if (filter) say(`${words} Everything in “${this.model.heading(filter)}” is decided.`, { label: "Show all", run: () => this.setFilter(null) });
    else say(`${words} Everything is decided.`, can.finalize && { label: "Finalize", run: () => this.finalize() });
    this.#focusStatement();
  }

  #focusStatement() {
    $(".current .statement")?.focus({ preventScroll: true });
  }

  /** For a screen reader only: the page itself shows it. */
  announce(words) {
    const place = $("#messages");
    if (!place.querySelector("button")) place.replaceChildren(h("p", { class: "vh" }, words));
  }

  approve() {
    if (!this.item) return say("There is nothing to approve here.");
    if (this.item.state === "approved") return this.advance("Already approved.");
    this.actions.approve(this.item);
    this.advance("Approved.");
  }

  reject() {
    const item = this.item;
    if (!item) return say("There is nothing to reject here.");
    if (item.state === "rejected") return this.reason();
    this.actions.reject(item);
    this.rejected = item;
    this.advance("Rejected.");
    say("Rejected.", { label: "Give a reason (Shift+R)", run: () => this.reason() });
  }

  reason() {
    const item = this.item?.state === "rejected" ? this.item : this.rejected;
    if (item?.state !== "rejected") return say("Reject an item first.");
    reasonDialog(item, (reason) => this.actions.reject(item, reason));
  }

  edit() {
    if (!this.item) return this.attest();
    this.editing = true;
    const id = this.current;
    document.getElementById(`card-${id}`).replaceWith(this.#card(id));
    const box = $(`#card-${CSS.escape(id)} textarea`);
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  cancelEdit() {
    this.editing = false;
    this.redraw(this.current);
    this.#focusStatement();
  }

  async #saveEdit(form) {
    const item = this.item;
    const button = $("button", form);
    button.disabled = true;
    try {
      const statement = form.elements.statement.value.trim();
      await this.actions.edit(item, statement, readAttributes(form, this.model.attributes[item.field] ?? [], item.attributes));
      this.editing = false;
      this.advance("Changed and approved.");
    } catch (problem) {
      button.disabled = false;
      $(".form-error", form).textContent = problem.status === 412
        ? "Somebody changed this item meanwhile. Your words are still here; copy them, cancel, and look at it again." : problem.message;
      if (problem.status === 412) this.actions.refresh().catch(() => {});
      button.focus();
    }
  }

  undo() {
    const id = this.actions.undo(this.item?.state === "drafted" ? null : this.item);
    if (id) this.goTo(id);
  }

  attest() {
    const field = this.current ? this.model.fieldOf(this.current) : undefined;
    attestDialog(this.model, field, async (finding) => {
      const id = await this.actions.attest(finding, this.item?.id);
      this.draw();
      this.goTo(id);
    });
  }

  async approveField() {
    const field = this.current && this.model.fieldOf(this.current);
    if (!field) return;
    try {
      const left = await this.actions.approveField(field);
      const next = left.has(this.current) ? this.current : this.#after(this.current, (id) => left.has(id)) ?? this.#after(this.current);
      if (next) this.goTo(next);
      else this.redraw(this.current);
    } catch (problem) {
      complain(problem.message);
    }
  }

  async unknown() {
    const field = this.current && this.model.fieldOf(this.current);
    if (!field) return;
    if ([...this.model.items.values()].some((item) => item.field === field && item.state === "approved")) {
      return say(`“${this.model.heading(field)}” has an approved item, so it is not unknown.`);
    }
    const id = this.current;
    await this.actions.toggleUnknown(field);
    if (this.current === id || !this.current) this.goTo(id);
  }

  gate = () => gateDialog(this.model, (id) => this.goTo(id));
  help = () => helpDialog(this.keysOn, (on) => this.turnKeys(on));
  openPane = () => this.choose(this.item?.chosen ?? 0);

  closePane() {
    this.pane.classList.remove("open");
    this.#focusStatement();
  }

  async finalize() {
    if (!this.model.can.finalize) return say("Somebody else finalizes this deal.");
    try {
      if (await this.actions.refresh()) say("The draft changed meanwhile; it is shown as it stands now.");
    } catch (problem) {
      return complain(problem.message);
    }
    finalizeDialog(this.model, (id) => this.goTo(id), async (reason) => {
      await this.actions.finalize(reason).catch(async (problem) => {
        if (problem.status === 412) await this.actions.refresh();
        throw problem;
      });
      location.assign(`/deals/${encodeURIComponent(this.model.deal.id)}/handover`);
    });
  }

  setFilter(field) {
    this.model.filter = this.model.filter === field ? null : field;
    this.draw();
    const entries = this.model.entries();
    if (!this.current && entries.length) this.goTo(entries.find((id) => this.model.isOpen(id)) ?? entries[0], { focus: false });
  }

  search() {
    this.pane.classList.add("open");
    this.transcript.search.input.focus();
    this.transcript.search.input.select();
  }

  #listen() {
    document.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target.closest("[data-open], [data-citation], [data-do], [data-field]") : null;
      if (!target || target.closest("dialog")) return;
      if (target.dataset.open) this.goTo(target.dataset.open);
      else if (target.dataset.citation) this.choose(Number(target.dataset.citation));
      else if (target.dataset.field) this.setFilter(target.dataset.field);
      else this[target.dataset.do]();
    });
    this.cards.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#saveEdit(event.target);
    });
    this.cards.addEventListener("keydown", (event) => {
      if (!this.editing || !isTyping(event.target)) return;
      if (event.key === "Escape") this.cancelEdit();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.editing || [...this.model.items.values()].some((item) => item.waiting)) event.preventDefault();
    });
  }
}

const data = $("#review-data");
if (data) new Page(JSON.parse(data.textContent));
