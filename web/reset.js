// Takes the new password of someone who has followed the link to choose one. The token is kept here and nowhere else,
// so that a password that is refused can be followed by another.

import { post } from "/api.js";
import { askForLink } from "/forgot.js";
import { onSubmit } from "/form.js";
import { report, reportUselessLink } from "/outcome.js";
import { show } from "/view.js";

const form = document.querySelector("#reset form");
const { password, reveal } = form.elements;
let token;

export function choosePassword(mailed) {
  token = mailed;
  form.reset();
  show("reset");
}

async function setPassword(typed) {
  try {
    await post("/auth/password/reset/confirm/", { token, password: typed });
    report("Your new password is set. You can log in with it now.");
  } catch (problem) {
    if (problem.code !== "invalid_token") throw problem;
    reportUselessLink("Ask for a new one.", ["Ask for a new link", askForLink]);
  }
}

function conceal() {
  password.type = "password";
}

onSubmit(form, setPassword);
form.addEventListener("reset", conceal);
reveal.addEventListener("change", () => {
  password.type = reveal.checked ? "text" : "password";
});
