"""Django's registration of this domain."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "hotline.domains.workforce"
    label = "workforce"
    default_auto_field = "django.db.models.BigAutoField"
