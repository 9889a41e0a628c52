// The forms of the review: other words for an item, what somebody knows from memory, a reason, the gate, the keys.
import { missingLine } from "./api.js";
import { open } from "./dialog.js";
import { $, h } from "./dom.js";

const field = (label, input, hint) => h("label", null, label, input, hint && h("span", { class: "hint" }, hint));
const error = () => h("p", { class: "form-error", role: "alert" });

function attributeInputs(spec, values) {
  return spec.map(({ name, label, kind, options }) => {
    const value = values?.[name];
    if (kind === "choices") {
      return h("fieldset", { class: "choices" }, h("legend", null, label), options.map((option) =>
        h("label", { class: "check" }, h("input", { type: "checkbox", name, value: option.value, checked: (value ?? []).includes(option.value) }), option.label)));
    }
    if (kind === "text") return field(label, h("input", { name, value: value ?? "", maxlength: "500" }));
    const listed = kind === "flag" ? [{ value: "true", label: "yes" }, { value: "false", label: "no" }] : options;
    const choice = (option) => h("option", { value: option.value, selected: String(value) === option.value }, option.label);
    return field(label, h("select", { name }, h("option", { value: "" }, "not said"), listed.map(choice)));
  });
}

/** The attributes as the form has them; what the form does not show stays as it was. */
export function readAttributes(form, spec, before = {}) {
  const out = { ...before };
  for (const { name, kind } of spec) {
    const inputs = [...form.querySelectorAll(`[name="${name}"]`)];
    let value;
    if (kind === "choices") value = inputs.filter((input) => input.checked).map((input) => input.value);
    else if (kind === "flag") value = { true: true, false: false }[inputs[0].value];
    else value = inputs[0].value.trim();
    const isEmpty = value === undefined || value.length === 0;
    if (isEmpty) delete out[name];
    else out[name] = value;
  }
  return out;
}

export function editForm(model, item) {
  return h("form", { class: "form edit-form", "data-edit": item.id },
    field("Statement", h("textarea", { name: "statement", required: true, maxlength: "2000", rows: "3" }, item.statement)),
    h("div", { class: "attributes" }, attributeInputs(model.attributes[item.field] ?? [], item.attributes)),
    error(),
    h("div", { class: "actions" },
      h("button", { class: "button small primary" }, "Save and approve ", h("kbd", { "aria-hidden": "true" }, "Ctrl ↵")),
      h("button", { type: "button", class: "button small", "data-do": "cancelEdit" }, "Cancel ", h("kbd", { "aria-hidden": "true" }, "Esc")),
      h("span", { class: "hint" }, "The quotes stay as they are.")));
}

/** A dialog with a form; `onsubmit(form)` may throw: its message is shown and the dialog stays. */
export function dialogForm(title, parts, submitLabel, onsubmit, { wide = false, cancel = "Cancel" } = {}) {
  const form = h("form", { class: "dialog-body" }, h("h2", { id: "h-dialog" }, title), parts, error(),
    h("div", { class: "dialog-foot" },
      h("button", { type: "button", class: "button", "data-close": true }, cancel),
      submitLabel && h("button", { class: "button primary", autofocus: true }, submitLabel)));
  const dialog = h("dialog", { "aria-labelledby": "h-dialog", class: wide ? "wide" : null }, form);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = $(".dialog-foot .primary", form);
    button.disabled = true;
    try {
      await onsubmit(form);
      dialog.close();
    } catch (problem) {
      $(".form-error", form).textContent = problem.message;
      button.disabled = false;
      button.focus();
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  open(dialog);
  return dialog;
}

export function attestDialog(model, chosen, save) {
  const attributes = h("div", { class: "attributes" });
  const show = (name) => attributes.replaceChildren(...attributeInputs(model.attributes[name] ?? [], {}));
  const choice = ({ field: name, heading }) => h("option", { value: name, selected: name === chosen }, heading);
  const select = h("select", { name: "field", onchange: () => show(select.value) }, [...model.fields.values()].map(choice));
  show(select.value);
  dialogForm("Add from memory", [
    h("p", { class: "hint" }, "It is marked as attested by you, and never looks like a quote."),
    field("What it answers", select),
    field("Statement", h("textarea", { name: "statement", required: true, maxlength: "2000", rows: "3", autofocus: true })),
    attributes,
  ], "Add and approve", (form) => {
    const spec = model.attributes[select.value] ?? [];
    return save({ field: select.value, statement: form.elements.statement.value.trim(), attributes: readAttributes(form, spec) });
  });
}

const REASONS = ["Not what was said", "Already told by another item", "Does not matter to customer success", "No longer true"];

export function reasonDialog(item, save) {
  const choices = REASONS.map((reason, at) => h("label", { class: "check" }, h("input", { type: "radio", name: "reason", value: reason, autofocus: at === 0 }), reason));
  dialogForm("Why is it rejected?", [
    h("p", null, item.statement),
    h("fieldset", { class: "form" }, h("legend", { class: "vh" }, "Reason"), choices),
    field("In other words", h("input", { name: "words", maxlength: "500" })),
  ], "Keep the reason", (form) => {
    const reason = form.elements.words.value.trim() || form.elements.reason.value;
    if (!reason) throw new Error("Choose a reason, or write one.");
    return save(reason);
  });
}

function missingList(model, goTo) {
  const entries = model.missing();
  if (!entries.length) return h("p", null, "Nothing is missing.");
  const target = (entry) => entry.item ?? (entry.missing === "field"
    ? model.order.find((id) => model.fieldOf(id) === entry.field && model.isOpen(id)) ?? `gap:${entry.field}` : null);
  return h("ul", { class: "rows gate-list" }, entries.map((entry) => {
    const id = target(entry);
    const words = missingLine(entry, model.heading);
    return h("li", null, id ? h("button", { type: "button", class: "link", onclick: (event) => {
      event.target.closest("dialog").close();
      goTo(id);
    } }, words) : words);
  }));
}

export function gateDialog(model, goTo) {
  const count = model.missing().length;
  dialogForm(count ? `${count} ${count === 1 ? "thing" : "things"} before it is final` : "Ready to finalize",
    [missingList(model, goTo)], null, null, { cancel: "Close", wide: true });
}

export function finalizeDialog(model, goTo, save) {
  const count = model.missing().length;
  const parts = [h("p", null, "A final version never changes. It goes to customer success with every quote it rests on.")];
  if (count) {
    parts.push(h("div", { class: "notice" }, h("strong", null, `${count} ${count === 1 ? "thing is" : "things are"} missing`), missingList(model, goTo)),
      field("Finalize all the same, because", h("textarea", { name: "override", rows: "2", required: true, maxlength: "1000", autofocus: true }), "The reason is kept with the version and in the audit log."));
  }
  dialogForm(count ? "Not everything is decided" : "Finalize the handoff", parts, count ? "Finalize anyway" : "Finalize",
    (form) => save(form.elements.override?.value.trim() || undefined), { wide: true });
}

const KEYS = [
  ["j ↓", "next item"], ["k ↑", "previous item"], ["a", "approve, go on"], ["r", "reject, go on"], ["⇧R", "give a reason for the rejection"],
  ["e", "edit"], ["u", "take the last decision back"], ["⇧A", "approve what is left of this field, except what somebody contradicts"],
  ["1–9", "show that quote in the record"], ["t", "add from memory"], ["x", "mark the field as asked, unknown"], ["/", "search the record"],
  ["g", "what is missing"], ["f", "finalize"], ["?", "this list"],
];

export function helpDialog(areOn, toggle) {
  const box = h("input", { type: "checkbox", checked: areOn, onchange: () => toggle(box.checked) });
  dialogForm("Keys", [
    h("dl", { class: "keys" }, KEYS.map(([keys, words]) => h("div", null, h("dt", null, keys.split(" ").map((name) => h("kbd", null, name))), h("dd", null, words)))),
    h("label", { class: "check" }, box, "Single keys work on this page"),
  ], null, null, { cancel: "Close" });
}
