"""The shared pool by which an agent of another tenant served a contact."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0010_reserve_activations'),
    ]

    operations = [
        migrations.AddField(
            model_name='interaction',
            name='pool_id',
            field=models.UUIDField(null=True),
        ),
    ]
