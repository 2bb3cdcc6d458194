"""What operators see of lists."""

from django.contrib import admin

from app.common.admin import ReadOnlyAdmin
from app.lists.models import List


@admin.register(List)
class ListAdmin(ReadOnlyAdmin):
    fields = ("id", "user", "name", "color", "position", "is_archived", "is_inbox", "created_at", "updated_at")
    list_display = ("name", "user", "is_archived", "created_at", "updated_at")
    list_select_related = ("user",)
    search_fields = ("user__email__exact",)
    search_help_text = "The whole e-mail address of the owner."
