from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='flowversion',
            name='layout',
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
