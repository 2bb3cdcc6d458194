"""/admin/, where operators (``User.is_staff``) look at accounts and see to them.

Each package shows its own rows in its ``admin.py``. Nothing is edited there (docs/decisions/0013).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.messages.middleware import MessageMiddleware
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import decorator_from_middleware
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from app.accounts.serializers import PasswordProof
from app.accounts.services import login
from app.accounts.sessions import SessionStore
from app.common.errors import Code, Problem

View = TypeVar("View", bound=Callable[..., Any])

# The password is changed at /auth/, where what rests on it ends; the others serve forms, of which there are none.
CLOSED = {"password_change", "password_change_done", "autocomplete", "view_on_site"}
with_messages = decorator_from_middleware(MessageMiddleware)


class PasswordForm(forms.Form):
    """The password of whoever is logged in, once more."""

    password = forms.CharField(
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, session: SessionStore, *args: Any) -> None:
        super().__init__(*args)
        self.session = session

    def clean_password(self) -> None:
        """Let the session count as just logged in; raise Problem (429, 503) where the password is not looked at."""
        try:
            login.reauthenticate(self.session, PasswordProof(password=self.cleaned_data["password"]))
        except Problem as problem:
            if problem.code is not Code.INVALID:
                raise
            raise forms.ValidationError(problem.detail) from problem


class OperatorSite(AdminSite):
    """Django's own, under our sessions; what it refuses is a page, and what matters asks for a fresh password."""

    site_header = site_title = "Doable"
    index_title = "For operators"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own = path("reauthenticate/", self.admin_view(self.reauthenticate), name="reauthenticate")
        return [own, *(found for found in super().get_urls() if getattr(found, "name", "") not in CLOSED)]

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002 - Django's signature
        return super().admin_view(self.as_page(view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if self.has_permission(request):  # Django would log the same user in again, under the old token
            return redirect("admin:index")
        return self.as_page(super().login)(request, extra_context)

    def as_page(self, view: View) -> View:
        """Give a view messages, and show as a page what it refuses."""

        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                refuse_nul(request)
                return cast("HttpResponse", view(request, *args, **kwargs))
            except ValidationError:
                return self.refuse(request, "Bad Request", "One of the ids is none.", 400)
            except PermissionDenied:
                return self.refuse(request, "Nothing is edited here", "Operators see all this and change nothing.", 403)
            except Problem as problem:
                if problem.code is Code.REAUTHENTICATION_REQUIRED:
                    return redirect(f"{reverse('admin:reauthenticate')}?{urlencode({'next': request.path})}")
                return self.refuse(request, problem.code.title, problem.detail, problem.code.status, problem.headers())

        return cast("View", with_messages(shown))

    def refuse(
        self, request: HttpRequest, title: str, detail: str, status: int, headers: dict[str, str] | None = None
    ) -> HttpResponse:
        context = {**self.each_context(request), "title": title, "detail": detail}
        return TemplateResponse(request, "admin/refusal.html", context, status=status, headers=headers)

    def reauthenticate(self, request: HttpRequest) -> HttpResponse:
        """Ask for the password once more, and lead back to where it was missed."""
        form = PasswordForm(cast("SessionStore", request.session), request.POST or None)
        if form.is_valid():
            return redirect(after(request))
        context = {**self.each_context(request), "title": "Your password, once more", "form": form}
        return TemplateResponse(request, "admin/reauthenticate.html", context)


def refuse_nul(request: HttpRequest) -> None:
    """Raise Problem (400) for a character that PostgreSQL can't store, which Django's filters pass on."""
    if any("\0" in value for values in request.GET.lists() for value in values[1]):
        raise Problem(Code.BAD_REQUEST, "The address of the page holds the character NUL.")


def after(request: HttpRequest) -> str:
    """Return where to go on, which is never another site."""
    asked = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else reverse("admin:index")
