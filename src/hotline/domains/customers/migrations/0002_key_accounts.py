"""Key accounts, and what steers whom a customer comes to."""

import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
        ('foundation', '0003_retention'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='brand',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='customer',
            name='is_rural',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='customer',
            name='is_vip',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='customer',
            name='product_line',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='customer',
            name='province',
            field=models.CharField(blank=True, choices=[('11', '11'), ('12', '12'), ('13', '13'), ('14', '14'), ('15', '15'), ('21', '21'), ('22', '22'), ('23', '23'), ('31', '31'), ('32', '32'), ('33', '33'), ('34', '34'), ('35', '35'), ('36', '36'), ('37', '37'), ('41', '41'), ('42', '42'), ('43', '43'), ('44', '44'), ('45', '45'), ('46', '46'), ('50', '50'), ('51', '51'), ('52', '52'), ('53', '53'), ('54', '54'), ('61', '61'), ('62', '62'), ('63', '63'), ('64', '64'), ('65', '65')], default='', max_length=2),
        ),
        migrations.CreateModel(
            name='KeyAccount',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('tier', models.CharField(choices=[('a', 'a'), ('b', 'b'), ('c', 'c')], default='c', max_length=1)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('review_due_on', models.DateField()),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_accounts', to='customers.customer')),
                ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='key_accounts', to='people.agent')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'review_due_on'], name='key_account_by_review')],
                'constraints': [models.UniqueConstraint(fields=('customer', 'valid_from'), name='key_account_once')],
            },
        ),
    ]
