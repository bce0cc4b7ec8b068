"""Interactions are found by when they began: reports on handle time add up those of a month."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0004_queue_alarms"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(fields=["tenant", "started_at"], name="interaction_by_time"),
        ),
    ]
