"""Rings, overflows, priorities, ladders, funnel levels, and versions of the set-up."""

import django.core.validators
import django.db.models.deletion
import hotline.foundation.ids
import hotline.foundation.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_retention'),
        ('people', '0002_routing_rules'),
        ('routing', '0002_queue_alarms'),
    ]

    operations = [
        migrations.CreateModel(
            name='FunnelLevel',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9)])),
                ('name', hotline.foundation.text.BilingualField()),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Ladder',
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
            name='LadderQueue',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='LadderTier',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('name', hotline.foundation.text.BilingualField()),
                ('trigger', models.CharField(choices=[('wait', 'Wait'), ('length', 'Length'), ('service_level', 'Service Level'), ('abandoned', 'Abandoned')], max_length=16)),
                ('threshold', models.PositiveIntegerField()),
                ('hold_s', models.PositiveIntegerField()),
                ('stand_down', models.PositiveIntegerField()),
                ('stand_down_s', models.PositiveIntegerField()),
                ('call_up_s', models.PositiveIntegerField(default=120)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='PriorityRule',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(choices=[('value_grade', 'Value Grade'), ('brand', 'Brand'), ('product_line', 'Product Line'), ('region', 'Region'), ('language', 'Language'), ('vip', 'Vip'), ('repeat', 'Repeat')], max_length=16)),
                ('value', models.CharField(blank=True, default='', max_length=32)),
                ('points', models.SmallIntegerField()),
                ('within_s', models.PositiveIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['kind', 'value'],
            },
        ),
        migrations.CreateModel(
            name='QueueOverflow',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('after_s', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='QueueRing',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('after_s', models.PositiveIntegerField()),
                ('relax', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(8)])),
                ('is_preference_kept', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='QueueRingTeam',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='RoutingPool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1)),
                ('interruptible', models.JSONField(default=list)),
                ('fair_after_s', models.PositiveIntegerField(default=300)),
                ('resume_grace_s', models.PositiveIntegerField(default=10)),
            ],
        ),
        migrations.CreateModel(
            name='RoutingVersion',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('number', models.PositiveBigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.JSONField(default=list)),
                ('changes', models.JSONField(default=list)),
                ('content', models.BinaryField()),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='TierAgent',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='TierSkill',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('level', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9)])),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='queueskill',
            name='queue_skill_once',
        ),
        migrations.AddField(
            model_name='queue',
            name='abandoned_limit',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='queue',
            name='announce_each_s',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='queue',
            name='attributes',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='queue',
            name='background_s',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='queue',
            name='callback_attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='queue',
            name='callback_retry_s',
            field=models.PositiveIntegerField(default=600),
        ),
        migrations.AddField(
            model_name='queue',
            name='choice',
            field=models.CharField(choices=[('longest_idle', 'Longest Idle'), ('best_level', 'Best Level'), ('least_occupied', 'Least Occupied'), ('round_robin', 'Round Robin'), ('weighted', 'Weighted')], default='longest_idle', max_length=16),
        ),
        migrations.AddField(
            model_name='queue',
            name='full_queue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='takes_full_of', to='routing.queue'),
        ),
        migrations.AddField(
            model_name='queue',
            name='is_background',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='queue',
            name='is_emergency',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='queue',
            name='late_queue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='takes_late_of', to='routing.queue'),
        ),
        migrations.AddField(
            model_name='queue',
            name='max_wait_s',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='queue',
            name='max_waiting',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='queue',
            name='order',
            field=models.CharField(choices=[('arrival', 'Arrival'), ('service_level', 'Service Level')], default='arrival', max_length=16),
        ),
        migrations.AddField(
            model_name='queue',
            name='prefer_s',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='queue',
            name='reclaim_s',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='queue',
            name='relationship_s',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='queue',
            name='reserve',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='queue',
            name='weight',
            field=models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)]),
        ),
        migrations.AddField(
            model_name='queueskill',
            name='is_preferred',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='queueskill',
            constraint=models.UniqueConstraint(fields=('tenant', 'queue', 'skill', 'is_preferred'), name='queue_skill_once'),
        ),
        migrations.AddField(
            model_name='funnellevel',
            name='queue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='funnel_levels', to='routing.queue'),
        ),
        migrations.AddField(
            model_name='funnellevel',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='ladder',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='ladderqueue',
            name='ladder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='queues', to='routing.ladder'),
        ),
        migrations.AddField(
            model_name='ladderqueue',
            name='queue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ladders', to='routing.queue'),
        ),
        migrations.AddField(
            model_name='ladderqueue',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='laddertier',
            name='ladder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiers', to='routing.ladder'),
        ),
        migrations.AddField(
            model_name='laddertier',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='priorityrule',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='queueoverflow',
            name='queue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overflows', to='routing.queue'),
        ),
        migrations.AddField(
            model_name='queueoverflow',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takes_overflow_of', to='routing.queue'),
        ),
        migrations.AddField(
            model_name='queueoverflow',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='queuering',
            name='queue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rings', to='routing.queue'),
        ),
        migrations.AddField(
            model_name='queuering',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='queueringteam',
            name='ring',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teams', to='routing.queuering'),
        ),
        migrations.AddField(
            model_name='queueringteam',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rings', to='people.team'),
        ),
        migrations.AddField(
            model_name='queueringteam',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='routingversion',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='tieragent',
            name='agent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tiers', to='people.agent'),
        ),
        migrations.AddField(
            model_name='tieragent',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='tieragent',
            name='tier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agents', to='routing.laddertier'),
        ),
        migrations.AddField(
            model_name='tierskill',
            name='skill',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tiers', to='people.skill'),
        ),
        migrations.AddField(
            model_name='tierskill',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant'),
        ),
        migrations.AddField(
            model_name='tierskill',
            name='tier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to='routing.laddertier'),
        ),
        migrations.AddConstraint(
            model_name='funnellevel',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='funnel_level_once'),
        ),
        migrations.AddConstraint(
            model_name='funnellevel',
            constraint=models.UniqueConstraint(fields=('tenant', 'queue'), name='funnel_queue_once'),
        ),
        migrations.AddConstraint(
            model_name='ladder',
            constraint=models.UniqueConstraint(fields=('tenant', 'code'), name='ladder_code_once'),
        ),
        migrations.AddConstraint(
            model_name='ladderqueue',
            constraint=models.UniqueConstraint(fields=('tenant', 'ladder', 'queue'), name='ladder_queue_once'),
        ),
        migrations.AddConstraint(
            model_name='laddertier',
            constraint=models.UniqueConstraint(fields=('tenant', 'ladder', 'position'), name='ladder_tier_once'),
        ),
        migrations.AddConstraint(
            model_name='priorityrule',
            constraint=models.UniqueConstraint(fields=('tenant', 'kind', 'value'), name='priority_rule_once'),
        ),
        migrations.AddConstraint(
            model_name='queueoverflow',
            constraint=models.UniqueConstraint(fields=('tenant', 'queue', 'position'), name='queue_overflow_once'),
        ),
        migrations.AddConstraint(
            model_name='queuering',
            constraint=models.UniqueConstraint(fields=('tenant', 'queue', 'position'), name='queue_ring_once'),
        ),
        migrations.AddConstraint(
            model_name='queueringteam',
            constraint=models.UniqueConstraint(fields=('tenant', 'ring', 'team'), name='queue_ring_team_once'),
        ),
        migrations.AddConstraint(
            model_name='routingversion',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='routing_version_once'),
        ),
        migrations.AddConstraint(
            model_name='tieragent',
            constraint=models.UniqueConstraint(fields=('tenant', 'tier', 'agent'), name='tier_agent_once'),
        ),
        migrations.AddConstraint(
            model_name='tierskill',
            constraint=models.UniqueConstraint(fields=('tenant', 'tier', 'skill'), name='tier_skill_once'),
        ),
    ]
