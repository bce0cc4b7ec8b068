"""Planning runs of a kind of their own for a day of a roster."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workforce', '0004_open_state_spans'),
    ]

    operations = [
        migrations.AlterField(
            model_name='planningrun',
            name='kind',
            field=models.CharField(choices=[('forecast', 'Forecast'), ('staffing', 'Staffing'), ('roster', 'Roster'), ('what_if', 'What If'), ('roster_day', 'Roster Day')], max_length=10),
        ),
    ]
