"""What operators see of accounts at /admin/, and what they may do about them."""

from django.contrib import admin
from django.contrib.auth.models import Group

from app.accounts.admin import records, users

__all__ = ["records", "users"]

admin.site.unregister(Group)  # Django's own, which nobody is in
