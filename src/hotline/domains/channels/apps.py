"""Django's registration of this domain."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "hotline.domains.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"
