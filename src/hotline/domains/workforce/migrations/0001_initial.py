"""Rotations, and who works by them."""

import django.core.validators
import django.db.models.deletion
import hotline.foundation.fields
import hotline.foundation.ids
import hotline.foundation.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0003_retention'),
        ('people', '0002_routing_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rotation',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('code', models.CharField(max_length=32)),
                ('name', hotline.foundation.text.BilingualField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('team_ids', models.JSONField(blank=True, default=list)),
                ('most_members', models.PositiveIntegerField(blank=True, null=True)),
                ('longest_months', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)])),
                ('needs_evidence', models.BooleanField(default=False)),
                ('rest_block_days', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(7)])),
                ('hours_tolerance_percent', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(50)])),
                ('asks_latest_end', models.BooleanField(default=False)),
                ('asks_earliest_start', models.BooleanField(default=False)),
                ('allows_split', models.BooleanField(default=True)),
                ('closed_hours', models.JSONField(blank=True, default=list)),
                ('asks_timetable', models.BooleanField(default=False)),
                ('travel_minutes', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(240)])),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='RotationMembership',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('state', models.CharField(choices=[('applied', 'applied'), ('approved', 'approved'), ('refused', 'refused'), ('withdrawn', 'withdrawn'), ('ended', 'ended')], default='applied', max_length=12)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('latest_end', models.TimeField(null=True)),
                ('earliest_start', models.TimeField(null=True)),
                ('evidence', hotline.foundation.fields.EncryptedTextField(blank=True, default='', purpose='workforce.rotation-reason')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_text', hotline.foundation.fields.EncryptedTextField(blank=True, default='', purpose='workforce.rotation-reason')),
                ('version', models.PositiveIntegerField(default=1)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rotations', to='people.agent')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rotation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='workforce.rotation')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Lesson',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('weekday', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(6)])),
                ('starts', models.TimeField()),
                ('ends', models.TimeField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lessons', to='workforce.rotationmembership')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='rotation',
            constraint=models.UniqueConstraint(fields=('tenant', 'code'), name='rotation_code_once'),
        ),
        migrations.AddIndex(
            model_name='rotationmembership',
            index=models.Index(fields=['tenant', 'state', 'valid_to'], name='rotation_by_state'),
        ),
        migrations.AddIndex(
            model_name='rotationmembership',
            index=models.Index(fields=['tenant', 'agent', 'state'], name='rotation_by_agent'),
        ),
        migrations.AddIndex(
            model_name='lesson',
            index=models.Index(fields=['membership', 'weekday'], name='lesson_by_day'),
        ),
    ]
