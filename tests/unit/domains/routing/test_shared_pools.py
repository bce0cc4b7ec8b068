"""Agents whom one tenant lends to another: both must agree, either may end it, and nobody sees more than that."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from hotline.domains.routing import actions, queries
from hotline.foundation.actors import Actor
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.messages.configuration import OverflowConfiguration, PoolConfiguration
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
ADMIN = "/api/v1/admin"
NAME = {"zh": "机动组", "en": "Spare team"}


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def lender() -> Tenant:
    return make_tenant("outsourcer")


@pytest.fixture
def asking(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, language="en"))


@pytest.fixture
def lending(lender: Tenant) -> Client:
    return client_of(make_user(tenant=lender, language="en"))


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"{ADMIN}/{path}", body, content_type="application/json")


def patch(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.patch(f"{ADMIN}/{path}", body, content_type="application/json")


def lend(lending: Client, team: UUID, *clients: Tenant, **fields: Any) -> dict[str, Any]:
    """The lender's pool of that team, offered to those tenants."""
    offered_to = [str(one.pk) for one in clients]
    body = {"code": "spare", "name": NAME, "team_ids": [str(team)], "client_tenant_ids": offered_to, **fields}
    answer = post(lending, "shared-pools", body)
    assert answer.status_code == 201, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def accept(asking: Client, pool: dict[str, Any]) -> dict[str, Any]:
    answer = post(asking, "pool-uses", {"pool_id": pool["id"]})
    assert answer.status_code == 201, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def pools() -> tuple[PoolConfiguration, ...]:
    return queries.current_configuration().pools


def found_at(client: Client) -> list[str]:
    """What is wrong, beside that no number leads to the queues of these tests."""
    codes = [finding["code"] for finding in client.get(f"{ADMIN}/routing/findings").json()]
    return [code for code in codes if code != "routing.queue_not_named"]


def test_offer_and_acceptance_together_make_a_pool_that_the_switch_knows(
    water: Tenant, lender: Tenant, asking: Client, lending: Client
) -> None:
    team, skill = setup.make_team(lender), setup.make_skill(lender)
    phones = setup.make_queue(lender, skills={skill: 3})
    queue = setup.make_queue(water)
    setup.make_agent(lender, skills={skill: 5}, team_id=team)
    pool = lend(lending, team, water, queue_id=str(phones))
    assert pools() == ()
    (offered,) = asking.get(f"{ADMIN}/offered-pools").json()
    assert (offered["pool_id"], offered["lender_name"], offered["pool_use_id"]) == (pool["id"], lender.name, None)
    use = accept(asking, pool)
    expected = PoolConfiguration(
        pool_id=pool["id"],
        tenant_id=str(lender.pk),
        name_zh=NAME["zh"],
        name_en=NAME["en"],
        group_ids=(str(team),),
        skills=((str(skill), 3),),
        client_tenant_ids=(str(water.pk),),
    )
    assert pools() == (expected,)
    changed = patch(
        asking,
        f"queues/{queue}",
        {"version": 1, "overflows": [{"after_s": 0, "pool_use_id": use["id"]}], "full_pool_use_id": use["id"]},
    )
    assert changed.status_code == 200, changed.json()
    assert changed.json()["overflows"] == [{"after_s": 0, "queue_id": None, "pool_use_id": use["id"]}]
    told = next(one for one in queries.current_configuration().queues if one.queue_id == str(queue))
    assert told.overflows == (OverflowConfiguration(after_s=0, pool_id=pool["id"]),)
    assert told.full_pool_id == pool["id"]


@pytest.mark.parametrize("is_offered_to_another", [True, False])
def test_nobody_can_take_what_was_not_offered_to_them(
    is_offered_to_another: bool, lender: Tenant, asking: Client, lending: Client
) -> None:
    pool = lend(lending, setup.make_team(lender), *([make_tenant("gas")] if is_offered_to_another else []))
    assert asking.get(f"{ADMIN}/offered-pools").json() == []
    refused = post(asking, "pool-uses", {"pool_id": pool["id"]})
    unknown = post(asking, "pool-uses", {"pool_id": str(uuid4())})
    assert (refused.status_code, refused.json()["code"]) == (404, "routing.pool_not_offered")
    assert refused.json()["sentence"] == unknown.json()["sentence"]  # whether there is such a pool is not told
    assert asking.get(f"{ADMIN}/shared-pools/{pool['id']}").status_code == 404


@pytest.mark.parametrize("end", ["offer", "pool"])
def test_the_owner_may_take_it_back_and_the_client_reads_what_to_do(
    end: str, water: Tenant, lender: Tenant, asking: Client, lending: Client
) -> None:
    team = setup.make_team(lender)
    setup.make_agent(lender, team_id=team)
    pool = lend(lending, team, water)
    use = accept(asking, pool)
    setup.make_agent(water)
    queue = setup.make_queue(water)
    patch(asking, f"queues/{queue}", {"version": 1, "overflows": [{"after_s": 60, "pool_use_id": use["id"]}]})
    assert found_at(asking) == []
    values = {"client_tenant_ids": []} if end == "offer" else {"is_active": False}
    assert patch(lending, f"shared-pools/{pool['id']}", {"version": 1, **values}).status_code == 200
    assert pools() == ()
    assert found_at(asking) == ["routing.pool_revoked"]
    assert found_at(lending) == []
    lines = AuditEntry.objects.filter(action="shared_pool.changed", object_id=pool["id"])
    assert [line.tenant_id for line in lines] == [lender.pk]


def test_the_client_may_leave_it_once_no_queue_names_it(
    water: Tenant, lender: Tenant, asking: Client, lending: Client
) -> None:
    use = accept(asking, lend(lending, setup.make_team(lender), water))
    queue = setup.make_queue(water, code="leaks")
    patch(asking, f"queues/{queue}", {"version": 1, "overflows": [{"after_s": 60, "pool_use_id": use["id"]}]})
    refused = asking.delete(f"{ADMIN}/pool-uses/{use['id']}?version=1")
    assert refused.status_code == 409
    assert "leaks" in refused.json()["sentence"]
    patch(asking, f"queues/{queue}", {"version": 2, "overflows": []})
    assert asking.delete(f"{ADMIN}/pool-uses/{use['id']}?version=1").status_code == 204
    assert pools() == ()
    actions_told = AuditEntry.objects.filter(object_type="pool_use").values_list("action", "tenant_id")
    assert sorted(actions_told) == [("pool_use.created", water.pk), ("pool_use.removed", water.pk)]


def test_a_pool_with_nobody_in_it_is_told_to_the_client(
    water: Tenant, lender: Tenant, asking: Client, lending: Client
) -> None:
    use = accept(asking, lend(lending, setup.make_team(lender), water))
    queue = setup.make_queue(water)
    patch(asking, f"queues/{queue}", {"version": 1, "overflows": [{"after_s": 60, "pool_use_id": use["id"]}]})
    findings = asking.get(f"{ADMIN}/routing/findings").json()
    assert found_at(asking) == ["routing.queue_without_agent", "routing.pool_without_agent"]
    assert NAME["en"] in findings[1]["sentence"]["en"]
    assert NAME["zh"] in findings[1]["sentence"]["zh"]


def test_a_queue_that_only_a_pool_serves_has_agents(
    water: Tenant, lender: Tenant, asking: Client, lending: Client
) -> None:
    team = setup.make_team(lender)
    setup.make_agent(lender, team_id=team)
    use = accept(asking, lend(lending, team, water))
    night = setup.make_queue(water)
    patch(asking, f"queues/{night}", {"version": 1, "overflows": [{"after_s": 0, "pool_use_id": use["id"]}]})
    assert found_at(asking) == []


def test_tenants_that_lend_to_each_other_make_no_circle(
    water: Tenant, lender: Tenant, asking: Client, lending: Client
) -> None:
    for owner, owning, client, using in ((water, asking, lender, lending), (lender, lending, water, asking)):
        team = setup.make_team(owner)
        setup.make_agent(owner, team_id=team)
        use = accept(using, lend(owning, team, client))
        queue = setup.make_queue(client)
        way = {"version": 1, "overflows": [{"after_s": 60, "pool_use_id": use["id"]}]}
        assert patch(using, f"queues/{queue}", way).status_code == 200
    assert found_at(asking) == found_at(lending) == []
    assert len(pools()) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"team_ids": []}, "routing.pool_without_people"),
        ({"client_tenant_ids": [str(uuid4())]}, "routing.pool_client"),
    ],
)
def test_a_pool_that_cannot_be_is_refused_and_nothing_is_written(
    change: dict[str, Any], code: str, lender: Tenant, lending: Client
) -> None:
    body = {"code": "spare", "name": NAME, "team_ids": [str(setup.make_team(lender))], **change}
    refused = post(lending, "shared-pools", body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert lending.get(f"{ADMIN}/shared-pools").json()["items"] == []


def test_a_pool_is_not_lent_to_its_own_tenant(lender: Tenant, lending: Client) -> None:
    body = {"code": "spare", "name": NAME, "team_ids": [str(setup.make_team(lender))]}
    refused = post(lending, "shared-pools", {**body, "client_tenant_ids": [str(lender.pk)]})
    assert refused.json()["code"] == "routing.pool_client"


@pytest.mark.parametrize("both", [True, False])
def test_an_overflow_leads_to_a_queue_or_to_a_pool(
    both: bool, water: Tenant, lender: Tenant, asking: Client, lending: Client
) -> None:
    use = accept(asking, lend(lending, setup.make_team(lender), water))
    queue, other = setup.make_queue(water), setup.make_queue(water)
    way = {"after_s": 60, **({"queue_id": str(other), "pool_use_id": use["id"]} if both else {})}
    refused = patch(asking, f"queues/{queue}", {"version": 1, "overflows": [way]})
    assert (refused.status_code, refused.json()["code"]) == (422, "routing.overflow_target")


def test_another_tenants_acceptance_cannot_be_named(
    water: Tenant, lender: Tenant, asking: Client, lending: Client
) -> None:
    gas = make_tenant("gas")
    use = accept(asking, lend(lending, setup.make_team(lender), water))
    queue = setup.make_queue(gas)
    way = {"version": 1, "overflows": [{"after_s": 60, "pool_use_id": use["id"]}]}
    refused = patch(client_of(make_user(tenant=gas)), f"queues/{queue}", way)
    assert (refused.status_code, refused.json()["code"]) == (422, "setup.unknown_reference")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"is_background": True, "overflows": "pool"}, "routing.pool_background"),
        ({"overflows": "at once"}, "routing.overflow_at_once"),
    ],
)
def test_a_way_that_the_switch_would_refuse_is_refused_here(
    settings: dict[str, Any], code: str, water: Tenant, lender: Tenant, asking: Client, lending: Client
) -> None:
    use = accept(asking, lend(lending, setup.make_team(lender), water))
    queue, other = setup.make_queue(water), setup.make_queue(water)
    ways = {"pool": {"after_s": 60, "pool_use_id": use["id"]}, "at once": {"after_s": 0, "queue_id": str(other)}}
    refused = patch(asking, f"queues/{queue}", {"version": 1, **settings, "overflows": [ways[settings["overflows"]]]})
    assert (refused.status_code, refused.json()["code"]) == (422, "routing.setup_worse"), code


def test_an_agent_may_neither_lend_nor_accept(water: Tenant) -> None:
    actor = Actor(user_id=None, name="agent", kind="user", tenant_ids=frozenset({water.pk}))
    with tenant_scope(water.pk), pytest.raises(Exception, match=r"admin\.configure"):
        actions.pool_uses.create(actor, {"pool_id": uuid4()})
