"""Django's registration of this domain."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "hotline.domains.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
