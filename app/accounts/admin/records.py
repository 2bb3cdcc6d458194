"""The rows around an account: who is logged in, what happened, what is on its way. Hashes are not among the fields."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from app.accounts.models import APIToken, AuditEvent, Event, OutgoingMail, Session
from app.accounts.queries import users
from app.common.admin import ReadOnlyAdmin
from app.common.serializers import decode_email

BY_OWNER = ("user__email__exact",)
WHOLE_ADDRESS = "The whole e-mail address of the owner."


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    fields = (
        "id",
        "user",
        "user_agent",
        "address",
        "network4",
        "network6",
        "network_changed_at",
        "created_at",
        "last_seen_at",
        "authenticated_at",
        "expires_at",
    )
    list_display = ("created_at", "user", "address", "user_agent", "last_seen_at", "expires_at")
    list_select_related = ("user",)
    search_fields = BY_OWNER
    search_help_text = WHOLE_ADDRESS


@admin.register(APIToken)
class APITokenAdmin(ReadOnlyAdmin):
    fields = ("id", "user", "name", "last_four", "scopes", "address", "created_at", "expires_at", "last_used_at")
    list_display = ("created_at", "user", "name", "last_four", "scopes", "last_used_at", "expires_at")
    list_select_related = ("user",)
    search_fields = BY_OWNER
    search_help_text = WHOLE_ADDRESS


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    fields = ("id", "letter", "email", "user", "created_at", "attempts", "due_at")
    list_display = ("created_at", "letter", "email", "attempts", "due_at")
    search_fields = ("email__exact",)
    search_help_text = "The whole e-mail address that it goes to."


class EventFilter(admin.SimpleListFilter):
    """The events there are. Django's own filter would look through all rows for them."""

    title = parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002 - Django's signature
        return sorted((event.value, event.label) for event in Event)

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:  # noqa: ARG002
        return queryset.filter(event=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    fields = ("id", "created_at", "event", "user_id", "actor_id", "session_id", "address", "user_agent", "request_id")
    list_display = ("created_at", "event", "user_id", "actor_id", "address")
    list_filter = ("created_at", EventFilter)
    search_fields = ("user_id",)
    search_help_text = "The whole e-mail address of a user, or the id of one who may be gone."

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        queryset: QuerySet[AuditEvent],
        search_term: str,
    ) -> tuple[QuerySet[AuditEvent], bool]:
        return (queryset.filter(user_id=user_named(search_term)) if search_term else queryset), False


def user_named(term: str) -> UUID | None:
    """Return the id of the user whose id or address this is."""
    try:
        return UUID(term)
    except ValueError:
        pass
    try:
        user = users.find_user(decode_email(term))
    except ValueError:
        return None
    return user.id if user else None
