"""What operators see of attachments: not their contents."""

from django.contrib import admin

from app.attachments.models import Attachment
from app.common.admin import ReadOnlyAdmin


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    fields = ("id", "user", "todo", "name", "size", "content_type", "sha256", "file", "created_at")
    list_display = ("name", "user", "todo", "size", "content_type", "created_at")
    list_select_related = ("user", "todo")
    search_fields = ("user__email__exact",)
    search_help_text = "The whole e-mail address of the owner."
