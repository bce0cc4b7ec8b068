"""Which opening calendar a queue keeps, for the coverage that is owed to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workforce", "0002_planning")]

    operations = [
        migrations.AddField(
            model_name="workforcesettings",
            name="queue_calendars",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
