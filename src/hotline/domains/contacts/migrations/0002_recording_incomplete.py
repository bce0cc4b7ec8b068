"""Recordings say when something is missing, and why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="incomplete",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
    ]
