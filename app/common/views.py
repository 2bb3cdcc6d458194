"""What every endpoint of the API is made of."""

from typing import Any

from rest_framework import views
from rest_framework.request import Request

from app.common.rendering import JSONRenderer

RENDERER = JSONRenderer()


class APIView(views.APIView):
    """DRF's view, without a choice of formats, versions and throttles before each request: there is one of each."""

    allow = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        names = (name for name in cls.http_method_names if hasattr(cls, "get" if name == "head" else name))
        cls.allow = ", ".join(name.upper() for name in names)

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {"Allow": self.allow}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - DRF's signature
        """Let in only who may ask."""
        request.accepted_renderer, request.accepted_media_type = RENDERER, RENDERER.media_type
        self.perform_authentication(request)
        self.check_permissions(request)
