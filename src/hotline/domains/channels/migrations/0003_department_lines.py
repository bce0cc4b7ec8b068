"""Calls can be handed on to a department: to one of our queues, or to its own telephone."""

import django.db.models.deletion
import hotline.foundation.fields
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0002_flowversion_layout'),
        ('enterprise', '0001_initial'),
        ('foundation', '0003_retention'),
        ('routing', '0002_queue_alarms'),
    ]

    operations = [
        migrations.CreateModel(
            name='DepartmentLine',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('phone', hotline.foundation.fields.EncryptedTextField(blank=True, default='', purpose='department-phone')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='enterprise.department')),
                ('queue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='routing.queue')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'department'), name='department_line_once')],
            },
        ),
    ]
