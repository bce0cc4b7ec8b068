"""Pools of agents that tenants share, and overflow to them."""

import django.db.models.deletion
import hotline.foundation.ids
import hotline.foundation.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_retention'),
        ('people', '0002_routing_rules'),
        ('routing', '0004_what_if'),
    ]

    operations = [
        migrations.CreateModel(
            name='SharedPool',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('code', models.CharField(max_length=32)),
                ('name', hotline.foundation.text.BilingualField()),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='SharedPoolTeam',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.AlterField(
            model_name='queueoverflow',
            name='target',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='takes_overflow_of', to='routing.queue'),
        ),
        migrations.CreateModel(
            name='PoolOffer',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.tenant')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='PoolUse',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('pool_id', models.UUIDField()),
                ('name', hotline.foundation.text.BilingualField()),
                ('lender', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.tenant')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='queue',
            name='full_pool_use',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='takes_full_of', to='routing.pooluse'),
        ),
        migrations.AddField(
            model_name='queueoverflow',
            name='pool_use',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='takes_overflow_of', to='routing.pooluse'),
        ),
        migrations.AddConstraint(
            model_name='queueoverflow',
            constraint=models.CheckConstraint(condition=models.Q(('target__isnull', True), ('pool_use__isnull', True), _connector='XOR'), name='queue_overflow_one_way'),
        ),
        migrations.AddField(
            model_name='sharedpool',
            name='queue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shared_pools', to='routing.queue'),
        ),
        migrations.AddField(
            model_name='sharedpool',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='pooloffer',
            name='pool',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='routing.sharedpool'),
        ),
        migrations.AddField(
            model_name='sharedpoolteam',
            name='pool',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teams', to='routing.sharedpool'),
        ),
        migrations.AddField(
            model_name='sharedpoolteam',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shared_pools', to='people.team'),
        ),
        migrations.AddField(
            model_name='sharedpoolteam',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddConstraint(
            model_name='pooluse',
            constraint=models.UniqueConstraint(fields=('tenant', 'pool_id'), name='pool_use_once'),
        ),
        migrations.AddConstraint(
            model_name='sharedpool',
            constraint=models.UniqueConstraint(fields=('tenant', 'code'), name='shared_pool_code_once'),
        ),
        migrations.AddConstraint(
            model_name='pooloffer',
            constraint=models.UniqueConstraint(fields=('tenant', 'pool', 'client'), name='pool_offer_once'),
        ),
        migrations.AddConstraint(
            model_name='sharedpoolteam',
            constraint=models.UniqueConstraint(fields=('tenant', 'pool', 'team'), name='shared_pool_team_once'),
        ),
    ]
