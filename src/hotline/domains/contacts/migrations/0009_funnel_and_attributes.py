"""The module of a matter and the level that solved it; attributes of contacts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_routing_rules'),
        ('contacts', '0008_abandoned_and_blocked'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='attributes',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='matter',
            name='is_solved',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='matter',
            name='module',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.businessmodule'),
        ),
        migrations.AddField(
            model_name='matter',
            name='solved_level',
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
