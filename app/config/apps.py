"""How Django finds the site of the operators. This is loaded before any model, so it names the class and no more."""

from django.contrib.admin.apps import AdminConfig


class OperatorsConfig(AdminConfig):
    default_site = "app.config.admin.OperatorSite"
