"""What if: recorded days under changed set-ups, asked for and answered."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_retention'),
        ('routing', '0003_routing_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='WhatIfRun',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('day', models.DateField()),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('replays', models.PositiveSmallIntegerField()),
                ('number', models.PositiveBigIntegerField(null=True)),
                ('draft', models.JSONField(null=True)),
                ('basis', models.PositiveBigIntegerField()),
                ('changes', models.JSONField(default=list)),
                ('content', models.BinaryField(default=b'')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('steps', models.PositiveSmallIntegerField()),
                ('steps_done', models.PositiveSmallIntegerField(default=0)),
                ('asked_by', models.CharField(max_length=150)),
                ('ended_at', models.DateTimeField(null=True)),
                ('result', models.JSONField(null=True)),
                ('failure', models.JSONField(null=True)),
                ('applied_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'ordering': ['-id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', '-id'], name='what_if_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('tenant',), name='what_if_one_at_a_time')],
            },
        ),
    ]
