"""When what was handed over to a queue goes back: queues that are there go on as they were, new ones begin with a minute."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0009_key_account_priority'),
    ]

    operations = [
        migrations.AddField(
            model_name='queue',
            name='return_after_s',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='queue',
            name='return_after_s',
            field=models.PositiveIntegerField(default=60),
        ),
    ]
