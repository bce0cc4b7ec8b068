"""Where a changed funnel leads those who ask by a business, kept with the what-if."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0012_first_funnel_levels'),
    ]

    operations = [
        migrations.AddField(
            model_name='whatifrun',
            name='moves',
            field=models.JSONField(default=list),
        ),
    ]
