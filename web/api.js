// What this page asks of the service.

const DEADLINE = 20_000; // milliseconds; nginx answers before that, if anything does

/** Why a request has failed: `message` is for people, `code` is the API's, or `unreachable`. */
export class Problem extends Error {
  constructor({ code, detail, errors = [] }) {
    super(errors.map((error) => error.detail).join(" ") || detail);
    this.code = code;
  }
}

/** Sends a body and returns that of the answer, null where it has none. Throws a Problem, and nothing else. */
export async function post(path, body) {
  // Each request gets a token of its own, because a login in another tab makes older ones void.
  const { csrf_token } = await request("/auth/csrf/");
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf_token },
    body: JSON.stringify(body),
  });
}

async function request(path, options) {
  const { ok, body } = await fetchJSON(path, options).catch(() => {
    throw new Problem({ code: "unreachable", detail: "The service can't be reached. Try again in a moment." });
  });
  if (!ok) throw new Problem(body);
  return body;
}

async function fetchJSON(path, options) {
  const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(DEADLINE) });
  return { ok: answer.ok, body: answer.status === 204 ? null : await answer.json() };
}
