"""Products under one account, and the language in which agents serve a customer."""

import django.db.models.deletion
import hotline.foundation.fields
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_squashed_0003_value_grades_of_their_own'),
        ('foundation', '0001_squashed_0003_retention'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='service_language',
            field=models.CharField(blank=True, choices=[('zh', 'zh'), ('en', 'en'), ('yue', 'yue'), ('bo', 'bo'), ('ug', 'ug'), ('mn', 'mn'), ('ii', 'ii'), ('za', 'za'), ('ko', 'ko'), ('ja', 'ja'), ('ru', 'ru'), ('fr', 'fr'), ('de', 'de'), ('es', 'es'), ('pt', 'pt'), ('ar', 'ar'), ('th', 'th'), ('vi', 'vi')], default='', max_length=3),
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('product_line', models.CharField(max_length=32)),
                ('label', models.CharField(blank=True, default='', max_length=60)),
                ('service_number', hotline.foundation.fields.EncryptedTextField(blank=True, default='', purpose='subscription-number')),
                ('service_number_index', hotline.foundation.fields.BlindIndexField(blank=True, db_index=True, default='', max_length=64)),
                ('brand', models.CharField(blank=True, default='', max_length=32)),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='customers.customer')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
    ]
