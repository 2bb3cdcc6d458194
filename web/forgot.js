// Asks for a link to choose a new password. The answer is the same whether or not an account has the address.

import { post } from "/api.js";
import { onSubmit } from "/form.js";
import { report } from "/outcome.js";
import { show } from "/view.js";

export function askForLink() {
  show("forgot");
}

onSubmit(document.querySelector("#forgot form"), async (email) => {
  const { detail } = await post("/auth/password/reset/", { email });
  report(detail);
});
