"""A contact may be in a conference: customer and two sides talk. No column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_call_back_outcome"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="stage",
            field=models.CharField(
                choices=[
                    ("in_flow", "In Flow"),
                    ("waiting", "Waiting"),
                    ("offered", "Offered"),
                    ("talking", "Talking"),
                    ("conference", "Conference"),
                    ("held", "Held"),
                    ("ended", "Ended"),
                ],
                default="in_flow",
                max_length=10,
            ),
        ),
    ]
