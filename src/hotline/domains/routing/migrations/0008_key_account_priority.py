"""Priority rules by class of the key account."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0007_callback_after_talk'),
    ]

    operations = [
        migrations.AlterField(
            model_name='priorityrule',
            name='kind',
            field=models.CharField(choices=[('value_grade', 'Value Grade'), ('brand', 'Brand'), ('product_line', 'Product Line'), ('region', 'Region'), ('language', 'Language'), ('vip', 'Vip'), ('key_account', 'Key Account'), ('repeat', 'Repeat')], max_length=16),
        ),
    ]
