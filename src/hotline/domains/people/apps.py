"""Django's registration of this domain."""

from django.apps import AppConfig

from hotline.foundation.live_token import tell_agents_by


class PeopleConfig(AppConfig):
    name = "hotline.domains.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once Django has loaded every application.
        from hotline.domains.people.queries import agent_for_sign_in  # noqa: PLC0415

        tell_agents_by(agent_for_sign_in)
