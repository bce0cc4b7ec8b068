"""Django's registration of this domain."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "hotline.domains.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
