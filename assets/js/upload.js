// Files to sources: dropped, chosen or pasted; each with its own progress, then the worker's stages as it tells them.
import { sentence } from "./api.js";
import { $, $$, h } from "./dom.js";

const drop = $("#drop");
const list = $("#files");
const status = $("#upload-status");
const AT_ONCE = 3;
const LABELS = {
  waiting: "waiting", uploading: "uploading", queued: "waiting to be read", parsing: "reading", embedding: "embedding",
  indexing: "indexing", ready: "ready", failed: "could not be read",
};
const rows = new Map();
const waiting = [];
let running = 0;
let listening = false;

for (const row of list.children) rows.set(row.dataset.source, row);

function rowFor(name, id) {
  if (id && rows.has(id)) return rows.get(id);
  const row = h("li", null, h("span", { class: "name" }, name), h("span", { class: "stage" }), h("small"),
    h("progress", { max: "100", value: "0", "aria-label": `Upload of ${name}` }));
  $("#no-files")?.remove();
  list.prepend(row);
  if (id) adopt(row, id, name);
  return row;
}

function adopt(row, id, name) {
  rows.set(id, row);
  row.dataset.source = id;
  $(".name", row).replaceWith(h("a", { class: "name", href: `/sources/${id}` }, name));
  $("progress", row)?.remove();
  $("#h-sources .count").textContent = String(rows.size);
}

function stage(row, name, detail = "") {
  const place = $(".stage", row);
  place.className = `stage ${name}`;
  place.textContent = name === "uploading" ? `uploading ${detail}` : LABELS[name] ?? name;
  if (name === "ready") place.prepend("✓ ");
  if (name === "failed") $("small", row).textContent = sentence(detail);
  if (name === "ready" || name === "failed") status.textContent = `${$(".name", row).textContent}: ${LABELS[name]}. ${name === "failed" ? sentence(detail) : ""}`;
}

function add(files) {
  $("#upload-error").textContent = "";
  for (const file of files) {
    const row = rowFor(file.name);
    stage(row, "waiting");
    waiting.push({ file, row, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` });
  }
  listen();
  next();
}

function next() {
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    const upload = waiting.shift();
    send(upload).finally(() => {
      running -= 1;
      next();
    });
  }
}

function send({ file, row, key }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name);
    request.open("POST", drop.dataset.upload);
    request.setRequestHeader("Idempotency-Key", key);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.floor((event.loaded / Math.max(event.total, 1)) * 100);
      stage(row, "uploading", `${percent}%`);
      const bar = $("progress", row);
      if (bar) bar.value = percent;
    });
    request.addEventListener("load", () => resolve(received(request, row)));
    request.addEventListener("error", () => resolve(refused(row, "The server cannot be reached; the file was not taken.")));
    request.send(form);
  });
}

function received(request, row) {
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    answer = {};
  }
  if (request.status >= 400) return refused(row, answer.detail ?? `The server answered ${request.status}.`);
  for (const { source, job_id: job } of answer.sources ?? []) {
    const twin = rows.get(source.id);
    if (twin && twin !== row) {
      // With a job, the worker was faster than this answer: its first word made the other line.
      row.remove();
      if (!job) $("small", twin).textContent = "The same file was there already.";
      continue;
    }
    adopt(row, source.id, source.name);
    if (!row.dataset.live) stage(row, job ? "queued" : source.state, source.error ?? "");
  }
}

/** Where the sources stand by the server's word: what was told while nobody listened is caught up with. */
async function catchUp() {
  const response = await fetch(drop.dataset.upload, { credentials: "same-origin" });
  if (!response.ok) return;
  for (const { id, name, state, error } of await response.json()) {
    if (state !== "queued" && !$(`.stage.${state}`, rowFor(name, id))) stage(rows.get(id), state, error ?? "");
  }
}

function refused(row, why) {
  $("progress", row)?.remove();
  stage(row, "failed", why);
}

function nextStep(title, text, link) {
  $("#h-next").textContent = title;
  $("#next-text").textContent = text;
  if (!link) return;
  const old = $("#next-link");
  const button = h("a", { class: "button primary", id: "next-link", href: link }, "Review the draft");
  if (old) old.replaceWith(button);
  else $("#next-step .actions").prepend(button);
}

/** What the draft changes on this page, as the server tells it now; where somebody is at work, nothing moves. */
async function renew() {
  const response = await fetch(location.pathname, { credentials: "same-origin" });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const old of $$("[data-live]")) {
    const now = $(`[data-live="${old.dataset.live}"]`, fresh);
    if (now && !old.contains(document.activeElement) && !$$("input, select", old).some(isChanged)) old.replaceWith(now);
  }
}

function isChanged(field) {
  if (!field.options) return field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max([...field.options].findIndex((option) => option.defaultSelected), 0);
}

const told = {
  source({ source, name, stage: at }) {
    const row = rowFor(name, source);
    row.dataset.live = "1";
    stage(row, at);
  },
  drafting: () => nextStep("Drafting", "Every line is being looked up in the record."),
  drafted({ items, rejected }) {
    const aside = rejected ? ` ${rejected} more ${rejected === 1 ? "was" : "were"} set aside, because the record does not say it.` : "";
    nextStep("The draft is ready", `${items} ${items === 1 ? "item" : "items"} to look at.${aside}`, drop.dataset.review);
    renew().catch(() => {});
  },
  job_failed({ source, error }) {
    if (source && rows.has(source)) stage(rows.get(source), "failed", error);
    else nextStep("Something could not be done", sentence(error));
  },
};

function listen() {
  if (listening) return;
  listening = true;
  const events = new EventSource(drop.dataset.events);
  events.addEventListener("progress", (event) => {
    const progress = JSON.parse(event.data);
    told[progress.event]?.(progress);
  });
  events.addEventListener("jobs", (event) => {
    const jobs = JSON.parse(event.data);
    const reading = jobs.filter((job) => job.kind === "ingest_source" && ["queued", "running"].includes(job.state)).length;
    const draft = jobs.filter((job) => job.kind === "draft_deal").at(-1);
    if (reading) nextStep("Reading", `${reading} ${reading === 1 ? "file" : "files"} to go.`);
    else if (draft?.state === "running") told.drafting();
    else if (draft?.state === "failed") nextStep("The draft could not be made", sentence(draft.error ?? ""));
    catchUp().catch(() => {});
  });
  window.addEventListener("pagehide", () => events.close());
}

for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  add(event.dataTransfer.files);
});
drop.addEventListener("submit", (event) => event.preventDefault());
$("#file").addEventListener("change", (event) => {
  add([...event.target.files]);
  event.target.value = "";
});
document.addEventListener("paste", (event) => {
  if (event.target.closest?.("input, textarea")) return;
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length) return add(files);
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (text.trim().length < 40) return;
  $("#paste-form").elements.text.value = text;
  $("#paste").showModal();
});
$("#paste-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, text } = event.target.elements;
  add([new File([text.value], name.value.trim() || "notes.md", { type: "text/plain" })]);
  text.value = "";
  $("#paste").close();
});

// Something may be under way already, from this page or another.
listen();
