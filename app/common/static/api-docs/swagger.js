// Shows the schema, and fetches a CSRF token for every call that needs one, because a login renews it.
const SAFE = ["GET", "HEAD", "OPTIONS"];

async function withToken(request) {
  if (!SAFE.includes(request.method ?? "GET")) {
    const answer = await fetch("/auth/csrf/");
    request.headers["X-CSRFToken"] = (await answer.json()).csrf_token;
  }
  return request;
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
});
