"""Django's registration of this domain."""

from django.apps import AppConfig

from hotline.foundation.new_tenants import begin_tenants_with


class RoutingConfig(AppConfig):
    name = "hotline.domains.routing"
    label = "routing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once Django has loaded every application.
        from hotline.domains.routing.first_levels import give_first_levels  # noqa: PLC0415

        begin_tenants_with(give_first_levels)
