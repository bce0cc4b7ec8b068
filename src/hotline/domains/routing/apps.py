"""Django's registration of this domain."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "hotline.domains.routing"
    label = "routing"
    default_auto_field = "django.db.models.BigAutoField"
