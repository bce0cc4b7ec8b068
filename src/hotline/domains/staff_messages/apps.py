"""Django's registration of this domain."""

from django.apps import AppConfig


class StaffMessagesConfig(AppConfig):
    name = "hotline.domains.staff_messages"
    label = "staff_messages"
    default_auto_field = "django.db.models.BigAutoField"
