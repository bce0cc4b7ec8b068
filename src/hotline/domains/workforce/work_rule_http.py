"""Routes of shift kinds, labour rules, contracts, borrowing and settings. Translates only."""

from hotline.domains.setup_routes import Resource, mount
from hotline.domains.workforce import work_rule_schemas as schemas
from hotline.domains.workforce import work_rules
from hotline.foundation.http import ActorRequest, Router

setup_router = Router(tags=["workforce"])
router = Router(tags=["workforce"])

for resource in (
    Resource(
        "shift-kinds", work_rules.shift_kind_records, work_rules.shift_kinds, schemas.ShiftKindIn, schemas.ShiftKindOut
    ),
    Resource(
        "labour-rules",
        work_rules.labour_rules_records,
        work_rules.labour_rules,
        schemas.LabourRulesIn,
        schemas.LabourRulesOut,
    ),
    Resource(
        "contracts",
        work_rules.contract_records,
        work_rules.contracts,
        schemas.ContractIn,
        schemas.ContractOut,
        filter_schema=schemas.ContractFilter,
        fixed=frozenset({"agent_id"}),
    ),
    Resource(
        "skill-borrowings",
        work_rules.skill_borrowing_records,
        work_rules.skill_borrowings,
        schemas.SkillBorrowingIn,
        schemas.SkillBorrowingOut,
    ),
    Resource(
        "workforce-settings",
        work_rules.settings_records,
        work_rules.workforce_settings,
        schemas.WorkforceSettingsIn,
        schemas.WorkforceSettingsOut,
    ),
):
    mount(setup_router, resource)


@router.get("/shift-kinds", permission="planning.edit", response=list[schemas.ShiftKindOut])
def list_active_shift_kinds(request: ActorRequest) -> list[schemas.ShiftKindOut]:
    """The shift kinds that a roster may use."""
    return work_rules.active_shift_kinds(request.actor)


@router.get("/labour-rules", permission="planning.edit", response=list[schemas.LabourRulesOut])
def list_labour_rules_in_use(request: ActorRequest) -> list[schemas.LabourRulesOut]:
    """The labour rules by which people are planned."""
    return work_rules.labour_rules_in_use(request.actor)


routers = [("/admin", setup_router), ("/workforce", router)]
