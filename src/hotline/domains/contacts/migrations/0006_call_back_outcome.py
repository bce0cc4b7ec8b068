"""A contact may end because its promised call-backs were all in vain."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_interaction_by_time"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Open"),
                    ("handled", "Handled"),
                    ("abandoned", "Abandoned"),
                    ("transferred_out", "Transferred Out"),
                    ("platform_failure", "Platform Failure"),
                    ("contained", "Contained"),
                    ("failed", "Failed"),
                    ("callback_failed", "Callback Failed"),
                ],
                default="",
                max_length=20,
            ),
        ),
    ]
