"""Django's registration of this domain."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "hotline.domains.tickets"
    label = "tickets"
    default_auto_field = "django.db.models.BigAutoField"
