"""Django's registration of this domain."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "hotline.domains.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"
