"""Entry points of chats, web forms and short messages: no flow, opening hours of their own, a gateway's secret."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0001_squashed_0004_queue_messages'),
        ('enterprise', '0001_squashed_0002_seats_in_use'),
        ('foundation', '0001_squashed_0003_retention'),
    ]

    operations = [
        migrations.AddField(
            model_name='entrypoint',
            name='calendar',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprise.openingcalendar'),
        ),
        migrations.AlterField(
            model_name='entrypoint',
            name='channel',
            field=models.CharField(choices=[('voice', 'Voice'), ('sms', 'Sms'), ('chat', 'Chat'), ('email', 'Email'), ('letter', 'Letter'), ('counter', 'Counter'), ('form', 'Form')], default='voice', max_length=16),
        ),
        migrations.AlterField(
            model_name='entrypoint',
            name='flow',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entry_points', to='channels.flow'),
        ),
        migrations.CreateModel(
            name='EntryPointSecret',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('sha256', models.CharField(max_length=64)),
                ('entry_point', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='secret', to='channels.entrypoint')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
    ]
