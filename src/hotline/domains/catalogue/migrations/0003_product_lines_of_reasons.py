"""A root of the reason tree names its product line; one whose code is a line's has meant it so far."""

from typing import Any

from django.db import migrations, models
from django.db.models import F

from hotline.domains.catalogue.attributes import standard_codes
from hotline.foundation.tenancy import MIGRATION, without_scope


def name_lines(apps: Any, schema_editor: Any) -> None:
    nodes, values = apps.get_model('catalogue', 'DispositionNode'), apps.get_model('catalogue', 'AttributeValue')
    with without_scope(MIGRATION):
        own = values.objects.filter(kind='product_line', tenant=models.OuterRef('tenant'), code=models.OuterRef('code'))
        meant = models.Q(code__in=standard_codes('product_line')) | models.Q(models.Exists(own))
        roots = nodes.objects.filter(meant, kind='reason', parent=None)
        roots.update(product_line=F('code'))


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_squashed_0002_routing_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='dispositionnode',
            name='product_line',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.RunPython(name_lines, migrations.RunPython.noop),
    ]
