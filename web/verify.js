// Confirms an e-mail address. A mail leads to /#verify=TOKEN: what stands behind # stays in the browser, so the token is
// in no log, and it leaves the address bar before anything else happens.

const UNREACHABLE = "The service could not be reached. Open the link from the mail again in a moment.";

async function verify(token) {
  const csrf = await fetch("/auth/csrf/");
  if (!csrf.ok) return refusal(csrf);
  const { csrf_token } = await csrf.json();
  const answer = await fetch("/auth/email/verify/", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf_token },
    body: JSON.stringify({ token }),
  });
  return answer.ok ? { text: "Your e-mail address is confirmed. You can log in now." } : refusal(answer);
}

async function refusal(answer) {
  const problem = await answer.json();
  return { text: problem.detail, failed: true };
}

function show({ text, failed = false }) {
  const outcome = document.querySelector("#outcome");
  outcome.textContent = text;
  outcome.classList.toggle("failed", failed);
  outcome.hidden = false;
}

async function followLink() {
  const token = new URLSearchParams(location.hash.slice(1)).get("verify");
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  show({ text: "Confirming your e-mail address …" });
  show(await verify(token).catch(() => ({ text: UNREACHABLE, failed: true })));
}

addEventListener("hashchange", followLink);
followLink();
