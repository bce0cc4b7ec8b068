"""Who sits at which seat, and why a seat is out of order."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprise', '0001_initial'),
        ('foundation', '0003_retention'),
    ]

    operations = [
        migrations.AddField(
            model_name='seat',
            name='fault',
            field=models.CharField(blank=True, choices=[('computer', 'Computer'), ('headset', 'Headset'), ('network', 'Network'), ('power', 'Power'), ('furniture', 'Furniture'), ('other', 'Other')], default='', max_length=16),
        ),
        migrations.AddField(
            model_name='seat',
            name='state_when_whole',
            field=models.CharField(choices=[('usable', 'Usable'), ('reserve', 'Reserve'), ('out_of_order', 'Out Of Order')], default='usable', max_length=16),
        ),
        migrations.CreateModel(
            name='SeatUse',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('site_id', models.UUIDField()),
                ('seat_id', models.UUIDField()),
                ('agent_id', models.UUIDField()),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'began_at'], name='seat_use_by_time'), models.Index(condition=models.Q(('ended_at', None)), fields=['agent_id'], name='seat_use_open')],
            },
        ),
    ]
