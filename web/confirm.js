// The two links that need only be opened: they confirm the address of a new account, and the new address of an old one.

import { post } from "/api.js";
import { report, reportUselessLink } from "/outcome.js";

export function confirmAddress(token) {
  return redeem(token, {
    path: "/auth/email/verify/",
    doing: "Confirming your e-mail address …",
    done: "Your e-mail address is confirmed. You can log in now.",
    remedy: "Sign up again with the same password to get a new one.",
  });
}

export function confirmNewAddress(token) {
  return redeem(token, {
    path: "/auth/email/change/confirm/",
    doing: "Changing your e-mail address …",
    done: "Your e-mail address is changed. Log in with the new one from now on.",
    remedy: "Change your address again to get a new one.",
  });
}

async function redeem(token, link) {
  report(link.doing);
  try {
    await post(link.path, { token });
    report(link.done);
  } catch (problem) {
    if (problem.code === "invalid_token") reportUselessLink(link.remedy);
    else report(problem.message, { failed: true, offer: ["Try again", () => redeem(token, link)] });
  }
}
