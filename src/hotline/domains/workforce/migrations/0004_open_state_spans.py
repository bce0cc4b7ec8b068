"""Open spans of agents are found by agent, however many old ones there are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_retention'),
        ('workforce', '0003_queue_calendars'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='agentstatespan',
            index=models.Index(fields=["agent_id", "ended_at"], name="state_span_by_end"),
        ),
    ]
