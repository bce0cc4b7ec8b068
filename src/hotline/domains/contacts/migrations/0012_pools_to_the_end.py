"""Notes of shared pools' agents say who lent them; what each pool did, by day."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0011_served_by_pool'),
        ('foundation', '0003_retention'),
    ]

    operations = [
        migrations.AddField(
            model_name='wrapup',
            name='lender',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.CreateModel(
            name='PoolDay',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('pool_id', models.UUIDField()),
                ('is_lent', models.BooleanField()),
                ('day', models.DateField()),
                ('is_simulated', models.BooleanField(default=False)),
                ('offered', models.PositiveIntegerField(default=0)),
                ('served', models.PositiveIntegerField(default=0)),
                ('talk_ms', models.PositiveBigIntegerField(default=0)),
                ('hold_ms', models.PositiveBigIntegerField(default=0)),
                ('wrap_up_ms', models.PositiveBigIntegerField(default=0)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'day'], name='pool_day_by_day')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'pool_id', 'partner', 'is_lent', 'day'), name='pool_day_once')],
            },
        ),
    ]
