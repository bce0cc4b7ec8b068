"""Conversations in writing and their messages."""

import django.db.models.deletion
import hotline.foundation.fields
import hotline.foundation.ids
from django.db import migrations, models
from hotline.foundation.initial_tables import InitialTables


class Migration(InitialTables):

    initial = True

    dependencies = [
        ('foundation', '0001_squashed_0003_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('entry_point_id', models.UUIDField()),
                ('channel', models.CharField(max_length=8)),
                ('called_address', models.CharField(max_length=128)),
                ('language', models.CharField(max_length=8)),
                ('sender_name', hotline.foundation.fields.EncryptedTextField(blank=True, default='', purpose='conversation-sender-name')),
                ('sender', hotline.foundation.fields.EncryptedTextField(blank=True, default='', purpose='conversation-sender')),
                ('sender_index', hotline.foundation.fields.BlindIndexField(blank=True, db_index=True, default='', max_length=64)),
                ('email', hotline.foundation.fields.EncryptedTextField(blank=True, default='', purpose='conversation-email')),
                ('customer_id', models.UUIDField(null=True)),
                ('is_simulated', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('talking', 'Talking'), ('ended', 'Ended')], default='waiting', max_length=8)),
                ('holder_id', models.UUIDField(null=True)),
                ('ended_by', models.CharField(blank=True, default='', max_length=8)),
                ('ended_at', models.DateTimeField(null=True)),
                ('last_seq', models.PositiveIntegerField(default=0)),
                ('seen_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(condition=models.Q(('channel', 'chat'), ('state', 'waiting')), fields=['seen_at'], name='conversation_awaited'),
                    models.Index(fields=['tenant', 'customer_id', '-id'], name='conversation_by_customer'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('channel', 'sms'), ('sender_index__gt', ''), ('state__in', ['waiting', 'talking'])), fields=('tenant', 'entry_point_id', 'sender_index'), name='conversation_open_once_a_sender'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('seq', models.PositiveIntegerField()),
                ('side', models.CharField(choices=[('customer', 'Customer'), ('agent', 'Agent'), ('house', 'House')], max_length=8)),
                ('agent_id', models.UUIDField(null=True)),
                ('text', hotline.foundation.fields.EncryptedTextField(blank=True, default='', purpose='conversation-text')),
                ('code', models.CharField(blank=True, default='', max_length=32)),
                ('at', models.DateTimeField()),
                ('origin_id', models.UUIDField()),
                ('client_id', models.CharField(blank=True, default='', max_length=64)),
                ('delivery', models.CharField(blank=True, choices=[('', 'None'), ('pending', 'Pending'), ('sent', 'Sent'), ('failed', 'Failed')], default='', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('error_code', models.CharField(blank=True, default='', max_length=40)),
                ('error_status', models.CharField(blank=True, default='', max_length=20)),
                ('reference', models.CharField(blank=True, default='', max_length=200)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='conversations.conversation')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [
                    models.Index(condition=models.Q(('delivery', 'pending')), fields=['due_at'], name='message_to_send'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('conversation', 'seq'), name='message_seq_once'),
                    models.UniqueConstraint(condition=models.Q(('client_id__gt', '')), fields=('tenant', 'origin_id', 'side', 'client_id'), name='message_client_id_once'),
                ],
            },
        ),
    ]

