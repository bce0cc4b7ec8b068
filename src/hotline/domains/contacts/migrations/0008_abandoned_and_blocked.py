"""Callers who gave up are seen to; contacts may end as blocked."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0007_conference_stage'),
        ('foundation', '0003_retention'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='outcome',
            field=models.CharField(blank=True, choices=[('', 'Open'), ('handled', 'Handled'), ('abandoned', 'Abandoned'), ('transferred_out', 'Transferred Out'), ('platform_failure', 'Platform Failure'), ('contained', 'Contained'), ('failed', 'Failed'), ('callback_failed', 'Callback Failed'), ('blocked', 'Blocked')], default='', max_length=20),
        ),
        migrations.CreateModel(
            name='AbandonedSettlement',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('decision', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('settled_at', models.DateTimeField()),
                ('settled_by_id', models.UUIDField(null=True)),
                ('call_back_contact_id', models.UUIDField(null=True)),
                ('failure', models.CharField(blank=True, default='', max_length=64)),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='abandoned_settlement', to='contacts.contact')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
    ]
