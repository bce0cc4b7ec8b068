"""Django's registration of this domain."""

from django.apps import AppConfig

from hotline.foundation.live_token import refuse_sign_in_by


class WorkforceConfig(AppConfig):
    name = "hotline.domains.workforce"
    label = "workforce"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once Django has loaded every application.
        from hotline.domains.workforce.sign_in import refusal  # noqa: PLC0415

        refuse_sign_in_by(refusal)
