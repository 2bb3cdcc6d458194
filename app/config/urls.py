"""The whole surface of the service on one screen. What is not in PUBLIC needs a session."""

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

PAGE: dict[str, Any] = {"http_method_names": ["get", "head"]}

urlpatterns = [
    path("api/todos/", include("app.todos.urls")),
    path("api/lists/", include("app.lists.urls")),
    path("api/schema/", SpectacularAPIView.as_view(**PAGE), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(template_name="swagger.html", **PAGE)),
    path("api/redoc/", SpectacularRedocView.as_view(template_name="redoc.html", **PAGE)),
    path("auth/", include("app.accounts.urls")),
    path("health/", include("app.ops.urls")),
]

PUBLIC = {
    "/api/schema/",
    "/api/docs/",
    "/api/redoc/",
    "/auth/csrf/",
    "/auth/register/",
    "/auth/login/",
    "/auth/logout/",
    "/auth/email/verify/",
    "/health/live/",
    "/health/ready/",
}

handler400 = "app.common.errors.bad_request"
handler404 = "app.common.errors.not_found"
handler500 = "app.common.errors.server_error"
