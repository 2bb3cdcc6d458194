// The view that says how something went.

import { show } from "/view.js";

const message = document.querySelector("#outcome [role=status]");
const button = document.querySelector("#outcome button");

/** Shows a text, as that of a failure if it is one. An offer is a button: its label, and what it does. */
export function report(text, { failed = false, offer = [] } = {}) {
  history.replaceState(null, "", location.pathname); // so that the link that led here can be followed once more
  message.textContent = text;
  message.classList.toggle("failed", failed);
  [button.textContent, button.onclick = null] = offer;
  button.hidden = !button.onclick;
  show("outcome");
}

/** Says that the token of a mail is not valid, and what to do about it. */
export function reportUselessLink(remedy, offer) {
  report(`This link was used before, is older than an hour, or is incomplete. ${remedy}`, { failed: true, offer });
}
