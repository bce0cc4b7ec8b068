"""What retention keeps of contacts and recordings: until when, when they went, and by which rule."""

import hotline.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0002_recording_incomplete"),
        ("foundation", "0003_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="anonymised_after",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="anonymised_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="preserved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="preserved_reason",
            field=hotline.foundation.fields.EncryptedTextField(blank=True, default="", purpose="preservation-reason"),
        ),
        migrations.AddField(
            model_name="recording",
            name="erased_after",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="recording",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="recording",
            name="erased_unit",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
        migrations.AddField(
            model_name="recording",
            name="file_removed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("anonymised_at", None)), fields=["tenant", "id"], name="contact_not_anonymised"
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("erased_at", None)), fields=["tenant", "started_at"], name="recording_not_erased"
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", False), ("file_removed_at", None)),
                fields=["tenant", "id"],
                name="recording_file_left",
            ),
        ),
    ]
