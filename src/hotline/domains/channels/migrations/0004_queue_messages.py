"""Queues have messages of their own for those who wait."""

import django.db.models.deletion
import hotline.foundation.ids
import hotline.foundation.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0003_department_lines'),
        ('foundation', '0003_retention'),
        ('routing', '0002_queue_alarms'),
    ]

    operations = [
        migrations.CreateModel(
            name='QueueMessage',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('code', models.CharField(max_length=32)),
                ('text', hotline.foundation.text.BilingualField()),
                ('every_s', models.PositiveSmallIntegerField(default=60)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
                ('prompt', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='queue_messages', to='channels.prompt')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='routing.queue')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'code'), name='queue_message_code_once')],
            },
        ),
    ]
