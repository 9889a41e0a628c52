// Questions to the record: sent, shown as the answer comes, then as the server renders it; and what is done with kept answers.
import { Problem, api, stream } from "./api.js";
import { $, $$, calm, complain, h, say } from "./dom.js";

const form = $("#ask");
const live = $("#asking");
const answers = $("#answers");
let isAsking = false;

function busy(isBusy) {
  isAsking = isBusy;
  for (const button of $$("#ask button, [data-again]")) {
    button.disabled = isBusy;
    if (button.type === "submit") button.setAttribute("aria-busy", String(isBusy));
  }
}

/** Tells in the form what went wrong, or in the page's corner where there is none. */
function tell(problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (form) $(".form-error", form).textContent = problem.message;
  else complain(problem.message);
}

/** The answer as the server shows it. */
async function card(path) {
  const response = await fetch(path, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok || response.redirected) throw new Problem(0, { detail: "The answer is kept, but cannot be shown now. Load the page again." });
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  return template.content.querySelector("article");
}

const numbered = ({ text, citations }) => [text, ...citations.map((number) => `[${number}]`)].join(" ");

/** What the answer is made from, while it is made. */
function reading({ searched, evidence }) {
  if (!evidence.length) return "Looking through the findings…";
  const sources = [...new Set(evidence.map(({ source }) => source))];
  return `Reading ${sources.slice(0, 3).join(", ")}${sources.length > 3 ? " and more" : ""}, of ${searched.sources} ${searched.sources === 1 ? "source" : "sources"}…`;
}

/** What is read, then the answer line by line; the whole of it at the end. */
async function receive(url, question) {
  const lines = h("ul", { class: "answer-lines" });
  const waits = h("p", { class: "empty" }, "Reading the record…");
  live.replaceChildren(h("div", { class: "card asking-card" }, h("p", null, h("strong", null, question)), waits, lines));
  for await (const { event, data } of stream(url, { question })) {
    if (event === "answer") return data;
    if (event === "problem") throw new Problem(data.status, data);
    if (event === "reading") waits.textContent = reading(data);
    if (event !== "line") continue;
    waits.remove();
    lines.append(h("li", null, numbered(data)));
  }
  throw new Problem(0, { detail: "The answer broke off. Ask again." });
}

async function show(kept) {
  if (!answers) return location.assign(`/answers/${encodeURIComponent(kept.id)}`);
  const shown = await card(`/answers/${encodeURIComponent(kept.id)}/card`);
  live.replaceChildren();
  // What was answered ahead is there already.
  document.getElementById(shown.id)?.remove();
  answers.prepend(shown);
  $("#no-answers")?.remove();
  $("#answer-count").textContent = String(answers.children.length);
  const count = kept.answer.lines.length;
  $("#asked").textContent = kept.answer.answered ? `Answered: ${count} ${count === 1 ? "line" : "lines"}.` : "Not in the record.";
  shown.scrollIntoView({ block: "nearest" });
  return true;
}

/** Asks; true where an answer is shown. */
async function ask(url, question) {
  if (isAsking) return false;
  busy(true);
  calm();
  $("#asked").textContent = "";
  if (form) $(".form-error", form).textContent = "";
  try {
    await show(await receive(url, question));
    return true;
  } catch (problem) {
    tell(problem);
    return false;
  } finally {
    live.replaceChildren();
    busy(false);
  }
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = form.elements.question;
  // Emptied by hand, a field that was sent would count as one that somebody left out.
  if (await ask(form.dataset.ask, field.value.trim())) form.reset();
  field.focus();
});

async function share(button) {
  const old = button.closest("article");
  button.disabled = true;
  try {
    const { shared } = await api(button.dataset.method, button.dataset.share);
    const fresh = await card(old.dataset.card);
    // What the page says of where it was asked stays.
    const about = $("[data-about]", old);
    if (about) $("[data-about]", fresh).replaceWith(about);
    old.replaceWith(fresh);
    $("[data-share]", fresh)?.focus();
    say(shared ? "Shared with everybody who may see the deals it rests on." : "It is yours alone again.");
  } catch (problem) {
    button.disabled = false;
    if (!(problem instanceof Problem)) throw problem;
    complain(problem.message);
  }
}

async function copyLink(button) {
  try {
    await navigator.clipboard.writeText(new URL(button.dataset.copyLink, location.origin).href);
    say(button.dataset.said);
  } catch {
    say("It could not be copied. Open the answer by its date and copy the address.");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  const { share: shares, again, copyLink: copies, example } = button.dataset;
  if (shares !== undefined) share(button);
  else if (copies !== undefined) copyLink(button);
  else if (again !== undefined) ask(again, $("h3", button.closest("article")).textContent);
  else if (example !== undefined) {
    form.elements.question.value = button.textContent;
    form.requestSubmit();
  }
});
