"""When a queue calls back: the calendar that it keeps, and the times of the day that customers may choose."""

from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):

    dependencies = [
        ('enterprise', '0001_squashed_0002_seats_in_use'),
        ('routing', '0007_callback_after_talk'),
    ]

    operations = [
        migrations.AddField(
            model_name='queue',
            name='callback_calendar',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='call_back_queues', to='enterprise.openingcalendar'),
        ),
        migrations.AddField(
            model_name='queue',
            name='callback_windows',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
