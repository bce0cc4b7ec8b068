"""A promised call-back may end because the customer has called meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0001_squashed_0013_reserve_by_hand'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='outcome',
            field=models.CharField(blank=True, choices=[('', 'Open'), ('handled', 'Handled'), ('abandoned', 'Abandoned'), ('transferred_out', 'Transferred Out'), ('platform_failure', 'Platform Failure'), ('contained', 'Contained'), ('failed', 'Failed'), ('callback_failed', 'Callback Failed'), ('own_call', 'Own Call'), ('blocked', 'Blocked')], default='', max_length=20),
        ),
    ]
