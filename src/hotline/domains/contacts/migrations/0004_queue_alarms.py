"""Alarms of queues, as they were raised, taken and ended."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0003_retention'),
        ('foundation', '0003_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='QueueAlarm',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('queue_id', models.UUIDField()),
                ('kind', models.CharField(max_length=20)),
                ('is_simulated', models.BooleanField(default=False)),
                ('below_since_at', models.DateTimeField()),
                ('raised_at', models.DateTimeField()),
                ('answered_in_time', models.PositiveIntegerField()),
                ('counted', models.PositiveIntegerField()),
                ('target', models.PositiveSmallIntegerField()),
                ('threshold_s', models.PositiveIntegerField()),
                ('owner_id', models.UUIDField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('acknowledged_by_id', models.UUIDField(null=True)),
                ('silence_reason', models.CharField(blank=True, default='', max_length=20)),
                ('cleared_at', models.DateTimeField(null=True)),
                ('cleared_cause', models.CharField(blank=True, default='', max_length=20)),
                ('folded', models.BigIntegerField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'raised_at'], name='queue_alarm_by_time')],
            },
        ),
    ]
