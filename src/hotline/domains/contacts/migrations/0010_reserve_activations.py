"""Reserve teams that were called, with the figures before and after."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0009_funnel_and_attributes'),
        ('foundation', '0003_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReserveActivation',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('ladder_id', models.UUIDField()),
                ('tier_id', models.UUIDField()),
                ('called_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('stood_down_at', models.DateTimeField(null=True)),
                ('wait_s_before', models.IntegerField()),
                ('length_before', models.IntegerField()),
                ('service_level_before', models.IntegerField()),
                ('abandoned_before', models.IntegerField()),
                ('wait_s_after', models.IntegerField(null=True)),
                ('length_after', models.IntegerField(null=True)),
                ('service_level_after', models.IntegerField(null=True)),
                ('abandoned_after', models.IntegerField(null=True)),
                ('began', models.BigIntegerField()),
                ('folded', models.BigIntegerField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'called_at'], name='activation_by_time')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'tier_id', 'began'), name='activation_once')],
            },
        ),
    ]
