"""Django's registration of this domain."""

from django.apps import AppConfig


class EnterpriseConfig(AppConfig):
    name = "hotline.domains.enterprise"
    label = "enterprise"
    default_auto_field = "django.db.models.BigAutoField"
