// Forms that speak to the JSON API: <form data-api="/v1/…" data-method="PATCH" data-etag="3" data-next="/deals/{id}">.
// Fields become JSON: `a.b` nests, `x[]` collects, numbers and checkboxes keep their type, what is empty is left out
// (or sent as null under `data-null`). The answer goes to `data-next`, into `[data-output=name]`, or the page loads anew.
import { api, missingLine } from "./api.js";
import { confirm } from "./dialog.js";
import { $, $$, h, say } from "./dom.js";

/** The form's fields as JSON. */
export function toJson(form) {
  const out = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.type === "submit" || field.type === "button") continue;
    if (field.type === "radio" && !field.checked) continue;
    const value = valueOf(field);
    if (value === undefined) continue;
    put(out, field.name, value);
  }
  return out;
}

function valueOf(field) {
  const kind = field.dataset.type ?? field.type;
  if (field.type === "checkbox") {
    if (!field.name.endsWith("[]")) return field.checked;
    return field.checked ? field.value : undefined;
  }
  if (field.multiple && field.selectedOptions) return [...field.selectedOptions].map((option) => option.value);
  const text = field.type === "password" || field.tagName === "TEXTAREA" ? field.value : field.value.trim();
  if (text === "") return "null" in field.dataset ? null : undefined;
  if (kind === "number") return Number(text);
  if (kind === "boolean") return text === "true";
  if (field.type === "datetime-local") return new Date(text).toISOString();
  return text;
}

function put(out, name, value) {
  const list = name.endsWith("[]");
  const path = (list ? name.slice(0, -2) : name).split(".");
  const last = path.pop();
  const place = path.reduce((at, key) => (at[key] ??= {}), out);
  if (!list) place[last] = value;
  else place[last] = (place[last] ?? []).concat(value);
}

/** Groups `reasons.0.field`-like objects into a list: every object under `data-list` with a chosen value. */
function lists(form, body) {
  for (const name of (form.dataset.lists ?? "").split(" ").filter(Boolean)) {
    const required = form.dataset.listRequires;
    body[name] = Object.values(body[name] ?? {}).filter((entry) => !required || entry[required] != null);
  }
  return body;
}

/** The address to go to; never one of another origin. */
function fill(template, answer) {
  const url = template.replace(/\{(\w+)\}/g, (_, key) => encodeURIComponent(answer?.[key] ?? ""));
  const place = new URL(url, location.origin);
  return place.origin === location.origin ? place.href : "/";
}

export async function submit(form, button) {
  const place = $(".form-error", form);
  place?.replaceChildren();
  $$(".field-error", form).forEach((line) => line.remove());
  $$("[aria-invalid]", form).forEach((field) => field.removeAttribute("aria-invalid"));
  if (button?.dataset.confirm) {
    const yes = await confirm(button.dataset.confirm, { yes: button.textContent.trim(), danger: button.classList.contains("danger") });
    if (!yes) return;
  }
  const method = form.dataset.method ?? "POST";
  const body = lists(form, toJson(form));
  if (button?.name) put(body, button.name, button.value);
  const isEmpty = Object.keys(body).length === 0;
  busy(form, true);
  try {
    const answer = await api(method, form.dataset.api, {
      body: isEmpty && method !== "POST" && method !== "PATCH" ? undefined : body,
      etag: form.dataset.etag,
    });
    done(form, answer);
  } catch (problem) {
    if (!problem.status && problem.status !== 0) throw problem;
    showProblem(form, place, problem);
  } finally {
    busy(form, false);
  }
}

function busy(form, isBusy) {
  for (const button of $$("button:not([type=button])", form)) {
    button.disabled = isBusy;
    button.setAttribute("aria-busy", String(isBusy));
  }
}

function done(form, answer) {
  const outputs = $$("[data-output]", form);
  if (outputs.length) {
    for (const output of outputs) {
      output.textContent = answer?.[output.dataset.output] ?? "";
      output.closest("[data-revealed]")?.removeAttribute("hidden");
    }
    form.reset();
    outputs[0].setAttribute("tabindex", "-1");
    outputs[0].focus();
    return;
  }
  if (form.dataset.said) {
    say(form.dataset.said);
    form.reset();
    return;
  }
  if (form.dataset.next) location.assign(fill(form.dataset.next, answer));
  else location.reload();
}

function showProblem(form, place, problem) {
  for (const error of problem.errors) {
    const field = form.elements.namedItem(error.field);
    if (!(field instanceof HTMLElement)) continue;
    field.setAttribute("aria-invalid", "true");
    field.after(h("span", { class: "field-error" }, error.detail ?? error.message));
  }
  if (!place) return say(problem.message);
  place.append(problem.message);
  const missing = problem.missing.map((entry) => h("li", null, missingLine(entry)));
  if (missing.length) place.append(h("ul", null, missing));
  ($("[aria-invalid]", form) ?? $("button:not([type=button])", form))?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-api]")) return;
  event.preventDefault();
  submit(form, event.submitter);
});

// Copy buttons: <button data-copy="#id"> copies the text of an element, <button data-copy-url="/…"> that of an address.
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy], [data-copy-url]") : null;
  if (!button) return;
  try {
    const text = button.dataset.copy
      ? $(button.dataset.copy).textContent
      : await fetch(button.dataset.copyUrl, { credentials: "same-origin" }).then((r) => (r.ok ? r.text() : Promise.reject(r)));
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    say("It could not be copied. Open it and copy it by hand.");
  }
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-print]") : null;
  if (button) window.print();
});

// The name menu closes like a menu.
const menu = $(".menu");
document.addEventListener("click", (event) => menu?.open && !menu.contains(event.target) && (menu.open = false));
menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menu.open = false;
  $("summary", menu).focus();
});
