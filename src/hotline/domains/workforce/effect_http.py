"""Route of the effect of rotations. Translates only."""

from typing import Annotated

from django.utils import timezone
from ninja import Query

from hotline.domains.workforce import effects
from hotline.domains.workforce.effect_schemas import EffectFilter, RotationEffectsOut
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["workforce"])


@router.get("/rotation-effects", permission="planning.edit", response=RotationEffectsOut)
def read_rotation_effects(request: ActorRequest, wanted: Annotated[EffectFilter, Query()]) -> RotationEffectsOut:
    """Satisfaction, absence and people leaving before and after joining, of groups of five and more."""
    return effects.rotation_effects(request.actor, wanted.months, timezone.now(), wanted.tenant_id)
