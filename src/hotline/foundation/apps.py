from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class FoundationConfig(AppConfig):
    name = "hotline.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hotline.foundation import checks, guards  # noqa: F401, PLC0415  # models exist only now

        pre_migrate.connect(guards.take_down, sender=self, dispatch_uid="hotline-guards-down")
        post_migrate.connect(guards.put_up, sender=self, dispatch_uid="hotline-guards-up")
