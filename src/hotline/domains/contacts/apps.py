"""Django's registration of this domain."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "hotline.domains.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"
