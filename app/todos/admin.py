"""What operators see of todos."""

from django.contrib import admin

from app.common.admin import ReadOnlyAdmin
from app.todos.models import Todo


@admin.register(Todo)
class TodoAdmin(ReadOnlyAdmin):
    fields = (
        "id",
        "user",
        "list",
        "title",
        "description",
        "status",
        "priority",
        ("due_date", "due_time", "due_timezone"),
        "position",
        "version",
        "completed_at",
        "created_at",
        "updated_at",
    )
    list_display = ("title", "user", "list", "status", "priority", "due_date", "created_at")
    list_select_related = ("user", "list")
    search_fields = ("user__email__exact",)
    search_help_text = "The whole e-mail address of the owner."
