"""What skills stand for, and agents' further teams, weight and way of taking contacts."""

import django.core.validators
import django.db.models.deletion
import hotline.foundation.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_retention'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='agent',
            name='takes',
            field=models.CharField(choices=[('most_urgent', 'Most Urgent'), ('strongest_skill', 'Strongest Skill')], default='most_urgent', max_length=16),
        ),
        migrations.AddField(
            model_name='agent',
            name='weight',
            field=models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)]),
        ),
        migrations.AddField(
            model_name='skill',
            name='kind',
            field=models.CharField(choices=[('general', 'General'), ('language', 'Language'), ('brand', 'Brand'), ('product_line', 'Product Line'), ('region', 'Region'), ('certificate', 'Certificate')], default='general', max_length=16),
        ),
        migrations.AddField(
            model_name='skill',
            name='values',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name='AgentGroup',
            fields=[
                ('id', models.UUIDField(default=hotline.foundation.ids.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='people.agent')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guests', to='people.team')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'agent', 'team'), name='agent_group_once')],
            },
        ),
    ]
