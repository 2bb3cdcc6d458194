// Shows the schema, and sends with every call that needs one the CSRF token, which a login renews.
const SAFE = ["GET", "HEAD", "OPTIONS"];
let token;

async function withToken(request) {
  if (SAFE.includes(request.method ?? "GET")) return request;
  if (!token) {
    const answer = await fetch("/auth/csrf/");
    token = answer.ok ? (await answer.json()).csrf_token : undefined;
  }
  if (token) request.headers["X-CSRFToken"] = token;
  return request;
}

function keepToken(answer) {
  token = answer.body?.csrf_token ?? (answer.status === 403 ? undefined : token);
  return answer;
}

const isDark = matchMedia("(prefers-color-scheme: dark)");
const followScheme = () => document.documentElement.classList.toggle("dark-mode", isDark.matches);
isDark.addEventListener("change", followScheme);
followScheme();

SwaggerUIBundle({
  url: document.getElementById("swagger-ui").dataset.schema,
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  queryConfigEnabled: false,
  requestInterceptor: withToken,
  responseInterceptor: keepToken,
});
