"""The whole surface of the service on one screen.

What is not in PUBLIC needs a session, /admin/ an operator's. What is in INTERNAL is opened by nginx alone.
"""

from typing import Any

from django.contrib import admin
from django.urls import include, path, register_converter
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView

from app.accounts.views.admission import Admission
from app.common.converters import IdConverter
from app.config.openapi import SchemaDocument
from app.ops.exposition import Metrics
from app.todos.views import ListDuplicate

register_converter(IdConverter, "id")

PAGE: dict[str, Any] = {"http_method_names": ["get", "head"]}

urlpatterns = [
    path("api/todos/", include("app.todos.urls")),
    path("api/lists/", include("app.lists.urls")),
    path("api/lists/<id:list_id>/duplicate/", ListDuplicate.as_view()),  # of the todos, too
    path("api/", include("app.attachments.urls")),
    path("api/", include("app.exchange.transfer.urls")),
    path("api/trash/", include("app.trash.urls")),
    path("api/", include("app.exchange.batch.urls")),
    path("api/admission/", Admission.as_view()),
    path("api/schema/", SchemaDocument.as_view(**PAGE), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(template_name="swagger.html", **PAGE)),
    path("api/redoc/", SpectacularRedocView.as_view(template_name="redoc.html", **PAGE)),
    path("auth/", include("app.accounts.urls")),
    path("health/", include("app.ops.urls")),
    path("metrics", Metrics.as_view()),
    path("admin/", admin.site.urls),
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
    "/auth/email/change/confirm/",
    "/auth/password/reset/",
    "/auth/password/reset/confirm/",
    "/health/live/",
    "/health/ready/",
    "/metrics",
}

INTERNAL = {"/api/admission/"}

handler400 = "app.common.errors.bad_request"
handler404 = "app.common.errors.not_found"
handler500 = "app.common.errors.server_error"
