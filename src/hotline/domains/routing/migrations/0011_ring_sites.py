"""Rings may name sites beside teams."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprise', '0001_squashed_0002_seats_in_use'),
        ('foundation', '0003_retention'),
        ('routing', '0010_return_to_sender'),
    ]

    operations = [
        migrations.CreateModel(
            name='QueueRingSite',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('ring', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sites', to='routing.queuering')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rings', to='enterprise.site')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'ring', 'site'), name='queue_ring_site_once')],
            },
        ),
    ]
