"""The four levels with which tenants begin, for those who have none; whoever has levels keeps them as they are."""

from django.db import migrations

from hotline.foundation.tenancy import tenant_scope

LEVELS = (
    {"zh": "自助服务", "en": "Self-service"},
    {"zh": "普通坐席", "en": "General agents"},
    {"zh": "业务专员", "en": "Specialists"},
    {"zh": "专家", "en": "Experts"},
)


def give_levels(apps, schema_editor):  # type: ignore[no-untyped-def]  # Django calls it with what it makes
    level_model, audit_model = apps.get_model("routing", "FunnelLevel"), apps.get_model("foundation", "AuditEntry")
    for tenant_id in apps.get_model("foundation", "Tenant").objects.order_by("pk").values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            if level_model.objects.filter(tenant_id=tenant_id).exists():
                continue
            for number, name in enumerate(LEVELS, start=1):
                level = level_model.objects.create(tenant_id=tenant_id, number=number, name=name)
                audit_model.objects.create(
                    tenant_id=tenant_id,
                    actor_kind="system",
                    actor_name="migration",
                    action="funnel_level.created",
                    object_type="funnel_level",
                    object_id=str(level.pk),
                    details={"values": {"number": number, "name": name, "queue_id": None}},
                )


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0001_squashed_0003_retention'),
        ('routing', '0011_ring_sites'),
    ]

    operations = [migrations.RunPython(give_levels, migrations.RunPython.noop)]
