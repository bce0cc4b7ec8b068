"""Leaving early that was agreed stays when a planner lays the day out anew: at its hour, without owing the rest."""

from dataclasses import replace

from hotline.domains.workforce.early_leave import shortened
from hotline.domains.workforce.roster_works import ShiftRow
from hotline.domains.workforce.shift_layout import Layout


def leaving_kept(layout: Layout, before: ShiftRow) -> Layout | None:
    """The new shift until the hour at which the one before ended, whose rest was let off without pay.

    None where that hour does not lie within the new shift, or where overtime beside it does not let it be told."""
    if before.excused_min == 0:
        return layout
    minute = before.pieces[-1][1]
    if before.overtime_min or not layout.start < minute < layout.pieces[-1][1]:
        return None
    left = shortened(layout.pieces, layout.breaks, layout.paid_min, minute, is_paid=False)
    return replace(layout, pieces=left.pieces, breaks=left.breaks, paid_min=left.paid_min, excused_min=left.excused_min)
