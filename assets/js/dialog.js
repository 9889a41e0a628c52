// Dialogs: opened by `data-dialog="id"`, closed by `data-close`; and one that asks before something is done.
import { h, $ } from "./dom.js";

/** Opens a dialog; focus goes back to where it was when it closes. */
export function open(dialog) {
  const before = document.activeElement;
  dialog.addEventListener("close", () => before?.isConnected && before.focus(), { once: true });
  dialog.showModal();
}

/** Asks; resolves to true when the person says yes. */
export function confirm(question, { yes = "Yes", danger = false } = {}) {
  const dialog = h("dialog", { "aria-labelledby": "h-confirm" },
    h("form", { method: "dialog", class: "dialog-body" },
      h("h2", { id: "h-confirm" }, question),
      h("div", { class: "dialog-foot" },
        h("button", { class: "button", value: "no" }, "Cancel"),
        h("button", { class: danger ? "button danger" : "button primary", value: "yes", autofocus: true }, yes))));
  document.body.append(dialog);
  open(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    }, { once: true });
  });
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const opener = event.target.closest("[data-dialog]");
  if (opener) open($(`#${opener.dataset.dialog}`));
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog").close();
  if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.clientX) event.target.close();
  }
});
