"""Notices to agents about their work."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_retention'),
        ('people', '0002_routing_rules'),
        ('workforce', '0004_open_state_spans'),
    ]

    operations = [
        migrations.CreateModel(
            name='RosterNotice',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('published', 'Published'), ('changed', 'Changed'), ('asked', 'Asked'), ('done', 'Done'), ('refused', 'Refused'), ('expired', 'Expired')], max_length=10)),
                ('request_kind', models.CharField(blank=True, default='', max_length=10)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('read_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roster_notices', to='people.agent')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['agent', 'read_at', '-id'], name='roster_notice_unread')],
            },
        ),
    ]
