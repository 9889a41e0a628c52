// A transcript alone: search, and the turn that the address names.
import { $, isTyping } from "./dom.js";
import { TurnSearch } from "./search.js";

const bar = $("[data-find]");
if (bar) {
  const show = (turn) => turn.scrollIntoView({ block: "center" });
  const search = new TurnSearch(bar, show);
  search.use($("#transcript"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    search.input.focus();
    search.input.select();
  });
  // Heights of turns out of sight are guesses until they are seen, so the place is looked up once more.
  const target = () => location.hash && document.getElementById(location.hash.slice(1));
  const go = () => {
    const turn = target();
    if (!turn) return;
    show(turn);
    requestAnimationFrame(() => requestAnimationFrame(() => show(turn)));
  };
  window.addEventListener("hashchange", go);
  go();
}
