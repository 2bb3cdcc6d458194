"""What every endpoint of the API is made of."""

from collections.abc import Callable
from functools import cache
from typing import Any

from rest_framework import views
from rest_framework.request import Request

from app.common.rendering import JSONRenderer

RENDERER = JSONRenderer()


class APIView(views.APIView):
    """DRF's view, without a choice of formats, versions and throttles before each request: there is one of each."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - DRF's signature
        """Let in only who may ask."""
        request.accepted_renderer, request.accepted_media_type = RENDERER, RENDERER.media_type
        self.perform_authentication(request)
        self.check_permissions(request)

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {"Allow": allowed_methods(type(self))}


@cache
def allowed_methods(view: Callable[..., Any]) -> str:
    return ", ".join(name.upper() for name in APIView.http_method_names if hasattr(view, name))
