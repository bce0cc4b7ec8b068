"""The one product line that a customer had becomes a subscription without days."""

from typing import Any

from django.db import migrations, models

from hotline.foundation.tenancy import MIGRATION, without_scope

_AT_ONCE = 500


def keep_lines(apps: Any, schema_editor: Any) -> None:
    customers, subscriptions = apps.get_model('customers', 'Customer'), apps.get_model('customers', 'Subscription')
    with without_scope(MIGRATION):
        rows = customers.objects.exclude(product_line='').values_list('pk', 'tenant_id', 'product_line')
        made = []
        for customer_id, tenant_id, line in rows.iterator(_AT_ONCE):
            made.append(subscriptions(customer_id=customer_id, tenant_id=tenant_id, product_line=line))
            if len(made) == _AT_ONCE:
                subscriptions.objects.bulk_create(made)
                made = []
        subscriptions.objects.bulk_create(made)


def give_first_line_back(apps: Any, schema_editor: Any) -> None:
    """The first product that has not ended; a single column keeps no more."""
    customers, subscriptions = apps.get_model('customers', 'Customer'), apps.get_model('customers', 'Subscription')
    with without_scope(MIGRATION):
        lasting = subscriptions.objects.filter(customer=models.OuterRef('pk'), valid_to=None)
        first = lasting.order_by('position', 'id').values('product_line')[:1]
        customers.objects.filter(models.Exists(lasting)).update(product_line=models.Subquery(first))


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0004_subscriptions'),
    ]

    operations = [
        migrations.RunPython(keep_lines, give_first_line_back),
        migrations.RemoveField(
            model_name='customer',
            name='product_line',
        ),
    ]
