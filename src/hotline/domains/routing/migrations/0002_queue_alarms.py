"""When supervisors are alarmed about a queue."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='queue',
            name='alarm_after_s',
            field=models.PositiveSmallIntegerField(default=60),
        ),
        migrations.AddField(
            model_name='queue',
            name='alarm_min_contacts',
            field=models.PositiveSmallIntegerField(default=5),
        ),
    ]
