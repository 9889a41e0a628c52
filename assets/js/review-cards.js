// The cards: one line each, the current one open with its words, what speaks against it, and what can be done.
import { $, h } from "./dom.js";
import { CONTRACT, moment, percent, tags, wantsALook, warnings } from "./review-model.js";
import { editForm } from "./review-forms.js";

const STATES = { drafted: "to decide", approved: "approved", rejected: "rejected" };
const SIGNS = { drafted: "○", approved: "✓", rejected: "✕" };
const key = (name) => h("kbd", { "aria-hidden": "true" }, name);
const button = (words, action, keyName, kind = "") =>
  h("button", { type: "button", class: `button small ${kind}`, "data-do": action }, words, " ", keyName && key(keyName));

/** How many are decided, in all and per field; a field's chip shows that field alone. */
export function drawCounts(model) {
  const { all, decided } = model.counts();
  const bar = $("#progress progress");
  bar.max = Math.max(all, 1);
  bar.value = decided;
  $("#progress-text").replaceChildren(h("b", null, String(decided)), ` of ${all} decided`);
  const missing = model.missing().length;
  $("#gate-text").textContent = missing ? `${missing} missing` : "Nothing missing";
  const had = document.activeElement?.dataset.field;
  $("#chips").replaceChildren(...[...model.fields.values()].map((field) => chip(model, field)).filter(Boolean));
  if (had) $(`#chips [data-field="${had}"]`)?.focus();
}

function chip(model, field) {
  const count = model.counts(field.field);
  if (!count.all && !field.core) return null;
  const isDone = count.all ? count.decided === count.all : Boolean(field.marked_by);
  const told = count.all ? `${count.decided}/${count.all}` : field.marked_by ? "unknown" : "gap";
  const kind = `chip${isDone ? " done" : ""}${count.all ? "" : " gap"}`;
  const isShown = String(model.filter === field.field);
  return h("button", { type: "button", class: kind, "data-field": field.field, title: field.heading, "aria-pressed": isShown },
    field.short, " ", h("span", null, told));
}

/** The list item for an entry of the list. */
export function card(model, id, { isCurrent, isEditing }) {
  const isGap = id.startsWith("gap:");
  const item = isGap ? null : model.items.get(id);
  const state = isGap ? (model.fields.get(id.slice(4)).marked_by ? "approved" : "gap") : item.state;
  const inside = isGap ? gap(model, id, isCurrent) : isCurrent ? openItem(model, item, isEditing) : line(model, item);
  return h("li", { class: `item-card ${state}${isCurrent ? " current" : ""}`, id: `card-${id}`, "data-id": id }, inside);
}

function stateSign(state) {
  return [h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[state]), h("span", { class: "vh" }, `${STATES[state]}: `)];
}

function flags(item) {
  return warnings(item).map((words) => h("span", { class: "flag" }, words));
}

function line(model, item) {
  const sure = percent(item);
  return h("button", { type: "button", class: "item-line", "data-open": item.id },
    stateSign(item.state),
    h("span", { class: "line-text" }, item.statement),
    h("span", { class: "line-facts" }, h("span", { class: "line-field" }, model.heading(item.field)), ...flags(item),
      item.state === "drafted" && sure != null && h("span", null, `${sure}% sure`)));
}

function openItem(model, item, isEditing) {
  const sure = percent(item);
  return h("article", { "aria-labelledby": `st-${item.id}` },
    h("p", { class: "kicker", id: `k-${item.id}` }, h("span", { class: "line-field" }, model.heading(item.field)),
      model.fields.get(item.field)?.sensitive && h("span", { class: "sensitive" }, "sensitive"),
      ...flags(item),
      h("span", { class: `decided ${item.state}` }, item.state === "drafted" ? (sure == null ? "" : `${sure}% sure`) : decided(item))),
    h("h3", { id: `st-${item.id}`, class: "statement", tabindex: "-1", "aria-describedby": `k-${item.id}` }, item.statement),
    isEditing ? editForm(model, item) : body(model, item),
    isEditing ? null : actions(model, item),
    isEditing ? null : fieldActions(model, item.field));
}

function decided(item) {
  return `${STATES[item.state]}${item.decided_by ? ` by ${item.decided_by}` : ""}${item.waiting ? ", saving" : ""}`;
}

function body(model, item) {
  const told = tags(item);
  const newer = model.items.get(item.attributes.superseded_by);
  return h("div", { class: "item-body" },
    told.length > 0 && h("p", { class: "tags" }, told.flatMap((words) => [h("span", { class: "tag" }, words), " "])),
    item.attested_by && h("p", { class: "attested" }, `Attested by ${item.attested_by}, from memory. No words of the record carry it.`),
    item.reworded_by && h("p", { class: "attested" }, `Reworded by ${item.reworded_by}; the quotes are still the record's.`),
    item.broken_citations.length > 0 && h("div", { class: "notice bad" }, h("strong", null, "The cited words have moved."),
      h("ul", null, item.broken_citations.map((words) => h("li", null, words)))),
    item.citations.length > 0 && quotes(item),
    newer && h("p", { class: "newer" }, "A newer word took its place: ", h("button", { type: "button", class: "link", "data-open": newer.id }, newer.statement)),
    history(item));
}

function quotes(item) {
  const parts = [];
  let role;
  item.citations.forEach((citation, at) => {
    if (citation.role !== role) {
      role = citation.role;
      parts.push(h("div", { class: `quotes ${role}` }, roleHeading(role, item), h("ul")));
    }
    $("ul", parts.at(-1)).append(h("li", null, quote(item, citation, at)));
  });
  return parts;
}

function roleHeading(role, item) {
  const words = { counter: "Speaks against it", reply: "The answer to it", clause: CONTRACT[item.attributes?.contract] ?? "The contract" }[role];
  return words ? h("h4", null, words) : null;
}

function quote(item, citation, at) {
  const who = citation.speaker ?? (citation.role === "clause" ? null : "speaker not named");
  const side = citation.side === "unknown" ? null : h("span", { class: `side ${citation.side}` }, citation.side);
  return h("button", { type: "button", class: "quote", "data-citation": at, "aria-pressed": String(at === item.chosen) },
    h("span", { class: "quote-number", "aria-hidden": "true" }, at < 9 ? at + 1 : "·"),
    h("span", null, h("q", null, citation.quote)),
    h("span", { class: "quote-by" }, who, who && " ", side, side && " ", h("span", null, `${citation.source}, ${moment(citation)}`),
      citation.match === "normalized" && h("span", { title: "The words differ from the claim in case, punctuation or fillers" }, " ≈ nearly these words")));
}

const DONE = { approve: "Approved", edit: "Changed", reject: "Rejected", attest: "Added from memory", renew: "A later draft brought more", undo: "Taken back" };

function history(item) {
  if (!item.edits?.length) return null;
  const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  return h("details", { class: "item-history" }, h("summary", null, `History (${item.edits.length})`),
    h("ol", { class: "history" }, item.edits.map((edit) => h("li", null, DONE[edit.action] ?? edit.action,
      edit.before?.statement && edit.before.statement !== edit.after?.statement && [": ", h("del", null, edit.before.statement)],
      edit.reason && `: ${edit.reason}`,
      h("small", null, `${edit.actor}, ${time.format(new Date(edit.at))}`)))));
}

function actions(model, item) {
  if (!model.can.decide) return null;
  return h("div", { class: "card-actions" },
    item.state !== "approved" && button("Approve", "approve", "a", "primary"),
    button("Edit", "edit", "e"),
    item.state !== "rejected" ? button("Reject", "reject", "r") : button("Give a reason", "reason", "⇧R"),
    item.state !== "drafted" && button("Take back", "undo", "u"),
    h("button", { type: "button", class: "button small to-record", "data-do": "openPane" }, "See it in the record"));
}

function fieldActions(model, field) {
  if (!model.can.decide) return null;
  const items = [...model.items.values()].filter((item) => item.field === field);
  const open = items.filter((item) => item.state === "drafted" && !wantsALook(item)).length;
  const hasApproved = items.some((item) => item.state === "approved");
  return h("div", { class: "field-actions" },
    open > 1 && button(`Approve ${open} more of “${model.fields.get(field).short}”`, "approveField", "⇧A", "quiet"),
    !hasApproved && button(model.fields.get(field).marked_by ? "Not unknown after all" : "Asked, unknown", "unknown", "x", "quiet"));
}

function gap(model, id, isCurrent) {
  const field = model.fields.get(id.slice(4));
  const words = field.marked_by ? `Asked, unknown (${field.marked_by})` : "Not in the record";
  if (!isCurrent) {
    return h("button", { type: "button", class: "item-line", "data-open": id },
      h("span", { class: "sign", "aria-hidden": "true" }, field.marked_by ? "✓" : "?"),
      h("span", { class: "line-text" }, field.heading), h("span", { class: "line-facts" }, words));
  }
  return h("article", { "aria-labelledby": `st-${id}` },
    h("p", { class: "kicker", id: `k-${id}` }, h("span", { class: "line-field" }, words)),
    h("h3", { id: `st-${id}`, class: "statement", tabindex: "-1", "aria-describedby": `k-${id}` }, field.heading),
    h("div", { class: "item-body" }, !field.marked_by && field.question && h("p", { class: "question" }, field.question)),
    model.can.decide && h("div", { class: "card-actions" },
      button("Add from memory", "attest", "t", "primary"),
      button(field.marked_by ? "Not unknown after all" : "Asked, unknown", "unknown", "x")));
}
