"""What becomes of a promised call-back whose customer has called meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0001_squashed_0006_pool_use_allowances'),
    ]

    operations = [
        migrations.AddField(
            model_name='queue',
            name='callback_after_talk',
            field=models.CharField(choices=[('close', 'Close'), ('keep', 'Keep')], default='close', max_length=8),
        ),
    ]
