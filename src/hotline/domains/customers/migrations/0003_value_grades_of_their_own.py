"""A customer's value grade may be one of the tenant's own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_key_accounts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='customer',
            name='value_grade',
            field=models.CharField(default='standard', max_length=32),
        ),
    ]
