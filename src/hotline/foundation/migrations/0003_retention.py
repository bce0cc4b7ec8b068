"""How long a tenant keeps recordings and contacts.

Tenants made from now on keep recordings for 180 days. Those that are there already keep them for ever, as they did:
nothing may be erased by an upgrade that nobody has decided on."""

from django.core.validators import MaxValueValidator
from django.db import migrations, models

_DAYS = MaxValueValidator(36_500)
_MONTHS = MaxValueValidator(1_200)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_preparation")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="recording_days",
            field=models.PositiveIntegerField(default=0, validators=[_DAYS]),
        ),
        migrations.AlterField(
            model_name="tenant",
            name="recording_days",
            field=models.PositiveIntegerField(default=180, validators=[_DAYS]),
        ),
        migrations.AddField(
            model_name="tenant",
            name="contact_months",
            field=models.PositiveIntegerField(default=0, validators=[_MONTHS]),
        ),
    ]
