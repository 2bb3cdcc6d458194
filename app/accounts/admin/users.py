"""The accounts, and what operators do about them: each action is one call of ``services.operators``."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from app.accounts.models import User
from app.accounts.services import operators
from app.accounts.services.operators import Operator
from app.common.admin import ReadOnlyAdmin
from app.common.errors import Code, Problem

if TYPE_CHECKING:
    from app.accounts.sessions import SessionStore


class TickedOnly(ActionForm):
    """Which action to take, on the accounts that were ticked and never on all that a search has found."""

    def clean_select_across(self) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    fields = (
        "id",
        "email",
        "email_verified_at",
        "name",
        "time_zone",
        "is_active",
        "is_staff",
        "revision",
        "created_at",
        "updated_at",
    )
    list_display = ("email", "name", "email_verified_at", "is_active", "is_staff", "created_at")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)
    search_help_text = "A part of the e-mail address."
    actions = ("disable", "enable", "end_sessions", "send_password_link", "grant", "revoke")
    action_form = TickedOnly

    @admin.action(description="Disable: nobody can log in, all sessions and tokens end")
    def disable(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        return self.carry_out(request, users, operators.disable, "Disabled")

    @admin.action(description="Enable")
    def enable(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        return self.carry_out(request, users, operators.enable, "Enabled")

    @admin.action(description="End all sessions")
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        return self.carry_out(request, users, operators.end_sessions, "Logged out everywhere")

    @admin.action(description="Send a link to choose a password")
    def send_password_link(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        return self.carry_out(request, users, operators.send_password_link, "A link goes out to")

    @admin.action(description="Make an operator")
    def grant(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        return self.carry_out(request, users, operators.grant, "An operator now")

    @admin.action(description="Make no operator any more")
    def revoke(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        return self.carry_out(request, users, operators.revoke, "No operator any more")

    def carry_out(
        self, request: HttpRequest, users: QuerySet[User], deed: Callable[[User, Operator], object], done: str
    ) -> HttpResponse | None:
        """Do it to each and say so; raise Problem (403) where the operator's password was not given of late."""
        by = operator_of(request)
        for user in users:
            try:
                deed(user, by)
            except Problem as problem:
                self.message_user(request, f"Nothing was done to {user}: {problem.detail}", messages.ERROR)
            else:
                self.message_user(request, f"{done}: {user}")
        return redirect("admin:accounts_user_change", users[0].pk) if len(users) == 1 else None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        buttons = [(name, action[2]) for name, action in self.get_actions(request).items() if action]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "buttons": buttons})


def operator_of(request: HttpRequest) -> Operator:
    """Return who asks; raise Problem 401 (the session has ended) or 403 (no fresh password)."""
    session = cast("SessionStore", request.session)
    account = session.load_account(from_row=True)
    if account is None:
        raise Problem(Code.UNAUTHENTICATED, "This session has ended. Log in again.")
    session.require_fresh_password()
    return Operator(account.id, session.origin)
