"""What a tenant allows of callers who do not get through, and for how long the last agent is asked for first.

Tenants that are there go on with what held for the whole installation until now."""

from django.core.validators import MaxValueValidator
from django.db import migrations, models

import hotline.foundation.models

_SHARE = MaxValueValidator(10_000)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0004_rate_windows")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="blocked_limit",
            field=models.PositiveIntegerField(default=10, validators=[_SHARE]),
        ),
        migrations.AddField(
            model_name="tenant",
            name="abandoned_limit",
            field=models.PositiveIntegerField(default=500, validators=[_SHARE]),
        ),
        migrations.AddField(
            model_name="tenant",
            name="last_agent_days",
            field=models.PositiveIntegerField(
                default=hotline.foundation.models.usual_last_agent_days, validators=[MaxValueValidator(3_650)]
            ),
        ),
    ]
