"""What a pool's agents may do for the tenant that has accepted it: notes as a rule, tickets when it says so."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0005_shared_pools'),
    ]

    operations = [
        migrations.AddField(
            model_name='pooluse',
            name='allows_notes',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='pooluse',
            name='allows_tickets',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='pooluse',
            name='shows_tickets',
            field=models.BooleanField(default=False),
        ),
    ]
