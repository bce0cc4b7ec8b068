"""What contacts keep only for a while: drafts, and by each tenant's rule recordings and what tells of somebody.

A recording is marked as erased first, with its line in the audit; its file goes after that, outside the transaction;
then that is written down. Whoever is killed in between leaves a mark without that last word: the next turn finds it
and removes the file. So a recording that is offered has its file, and no file outlives its recording."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import (
    CallBackNeeded,
    Contact,
    Draft,
    Matter,
    Recording,
    RefusedCall,
    TimelineEvent,
    WrapUp,
)
from hotline.domains.contacts.rules import Term
from hotline.domains.conversations import actions as conversations
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import register_escape, tenant_scope, without_scope

log = structlog.get_logger()

DRAFTS_KEPT = timedelta(days=30)
OLD_DRAFTS = register_escape(
    "contacts.old_drafts", "Drafts that nobody came back to for a month are deleted in every tenant alike."
)
# SQLite, asked for these rows *of this tenant*, walks through all the rows that the tenant has.
DUE_ROWS = register_escape(
    "contacts.due_rows",
    "What one tenant's rule has ended is found in that tenant's scope; then it is emptied by its own ids alone.",
)
# Steps whose detail holds codes, ids and durations only; so do all of routing. Whatever else there is gets emptied.
_IMPERSONAL_STEPS = ("arrived", "left_flow", "recording_stored", "cut_short", "wrap_up_filed")


def forget_old_drafts(limit: int) -> int:
    """Delete drafts that were not touched for a month, at most `limit`; answers how many. Those of a preserved contact
    stay."""
    with without_scope(OLD_DRAFTS), transaction.atomic():
        return _forget_drafts(timezone.now() - DRAFTS_KEPT, limit)


def _forget_drafts(before: datetime, limit: int) -> int:
    preserved = Contact.objects.filter(pk=OuterRef("contact_id"), preserved_at__isnull=False)
    old = Draft.objects.filter(~Exists(preserved), saved_at__lt=before)
    found = dict(old.order_by("saved_at").values_list("id", "contact_id")[:limit])
    # Locked, and looked at again: somebody may have preserved one of them since.
    rows = Contact.objects.select_for_update().filter(id__in=set(found.values())).order_by("id")
    kept = {contact_id for contact_id, preserved_at in rows.values_list("id", "preserved_at") if preserved_at}
    due = [draft_id for draft_id, contact_id in found.items() if contact_id not in kept]
    return int(Draft.objects.filter(pk__in=due).delete()[0])


# --- recordings -----------------------------------------------------------------------------------------------------


def erase_old_recordings(store: Path, limit: int, now: datetime | None = None) -> int:
    """Erase what each tenant's rule has ended, at most `limit` of each; answers how many were marked, or had their file
    removed only now. Raises OSError when a file cannot be removed, once all else that was due is done."""
    at = now or timezone.now()
    failures: list[OSError] = []
    done = sum(_erase_of_tenant(tenant, store, limit, at, failures) for tenant in Tenant.objects.order_by("code"))
    if failures and done < limit:
        raise failures[0]
    return done


def _erase_of_tenant(tenant: Tenant, store: Path, limit: int, now: datetime, failures: list[OSError]) -> int:
    term = rules.recording_term(now, tenant.recording_days, tenant.contact_months)
    with tenant_scope(tenant.pk):
        marked = _mark_erased(tenant.pk, term, limit, now) if term is not None else 0
        removed = _remove_files(tenant.pk, store, limit, now, failures)
    return max(marked, removed)


def _mark_erased(tenant_id: UUID, term: Term, limit: int, now: datetime) -> int:
    due = Recording.objects.filter(erased_at=None, started_at__lt=term.before, contact__preserved_at=None)
    found = list(due.order_by("started_at").values_list("id", "contact_id")[:limit])
    if not found:
        return 0
    with transaction.atomic(), without_scope(DUE_ROWS):
        # Locked, and looked at again: somebody may have preserved one of them since.
        free = Contact.objects.select_for_update().filter(id__in={one for _, one in found}, preserved_at=None)
        contacts = set(free.order_by("id").values_list("id", flat=True))
        rows = Recording.objects.filter(
            id__in=[one for one, contact_id in found if contact_id in contacts], erased_at=None
        )
        newest = max(rows.values_list("started_at", flat=True), default=None)
        marked = rows.update(erased_at=now, erased_unit=term.unit, erased_after=term.after)
        _tell(tenant_id, "recording.erased", marked, newest, term)
    return marked


def _remove_files(tenant_id: UUID, store: Path, limit: int, now: datetime, failures: list[OSError]) -> int:
    """Remove the files of erased recordings, at most `limit`, whatever becomes of others; answers how many."""
    removed: list[UUID] = []
    directories: set[Path] = set()
    for recording_id, path in _files_left(limit):
        place = rules.place_in_store(store, tenant_id, path)
        try:
            if place is not None:  # else it is no file of this tenant's, and never was offered
                _remove_file(place, store / str(tenant_id))
                directories.add(place.parent)
            removed.append(recording_id)
        except OSError as error:
            log.error("an erased recording's file cannot be removed", recording=str(recording_id), cause=str(error))
            failures.append(error)
        if len(removed) == limit:
            break
    _make_durable(directories)
    with without_scope(DUE_ROWS):
        Recording.objects.filter(id__in=removed).update(file_removed_at=now)
    return len(removed)


def _files_left(portion: int) -> Iterator[tuple[UUID, str]]:
    """Erased recordings whose file was not removed, and where it lies; read in portions."""
    left = Recording.objects.filter(erased_at__isnull=False, file_removed_at=None).order_by("id")
    rows = left.values_list("id", "path")
    found = list(rows[:portion])
    while found:
        yield from found
        found = list(rows.filter(id__gt=found[-1][0])[:portion])


def _remove_file(place: Path, directory: Path) -> None:
    """Remove it, also where it is gone already; but a store that is away has lost nothing: its files come back."""
    if not directory.is_dir():
        raise FileNotFoundError(errno.ENOENT, "the tenant's part of the recording store is not there", str(directory))
    place.unlink(missing_ok=True)


def _make_durable(directories: Iterable[Path]) -> None:
    """What was removed stays removed, also when the power fails."""
    for directory in directories:
        if directory.is_dir():
            handle = os.open(directory, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


# --- personal data --------------------------------------------------------------------------------------------------


def anonymise_old_contacts(limit: int, now: datetime | None = None) -> int:
    """Empty of personal data what each tenant's rule has ended, at most `limit` rows in a transaction; answers how many
    rows. What hangs on a contact is emptied before the contact itself is marked: until then it is found again."""
    at = now or timezone.now()
    ruled = Tenant.objects.filter(contact_months__gt=0).order_by("code")
    return sum(_anonymise_of_tenant(tenant, limit, at) for tenant in ruled)


def _anonymise_of_tenant(tenant: Tenant, limit: int, now: datetime) -> int:
    term = rules.contact_term(now, tenant.contact_months)
    if term is None:
        return 0
    with tenant_scope(tenant.pk), transaction.atomic():
        emptied = _anonymise_contacts(tenant.pk, term, limit, now)
    with transaction.atomic():
        return emptied + _empty_refused(tenant.pk, term, limit)


def _anonymise_contacts(tenant_id: UUID, term: Term, limit: int, now: datetime) -> int:
    due = Contact.objects.select_for_update().filter(
        anonymised_at=None, preserved_at=None, arrived_at__lt=term.before, id__lte=rules.highest_id(term.before)
    )
    found = dict(due.order_by("id").values_list("id", "arrived_at")[:limit])
    if not found:
        return 0
    left = limit
    changed = {"caller": "", "caller_index": "", "customer_id": None, "anonymised_after": term.after}
    with without_scope(DUE_ROWS):
        for empty in _EMPTYING:
            left -= empty(list(found), left)
        through = list(found)[:left]
        Contact.objects.filter(id__in=through).update(anonymised_at=now, **changed)
    _tell(tenant_id, "contact.anonymised", len(through), max(found.values()), term)
    return limit - left + len(through)


def _empty_timeline(contact_ids: Sequence[UUID], limit: int) -> int:
    steps = TimelineEvent.objects.filter(contact_id__in=contact_ids).exclude(detail={})
    personal = steps.exclude(Q(source="routing") | Q(kind__in=_IMPERSONAL_STEPS))
    return TimelineEvent.objects.filter(id__in=list(personal.values_list("id", flat=True)[:limit])).update(detail={})


def _empty_matters(contact_ids: Sequence[UUID], limit: int) -> int:
    noted = Matter.objects.filter(contact_id__in=contact_ids).annotate(length=Length("note")).filter(length__gt=0)
    return Matter.objects.filter(id__in=list(noted.values_list("id", flat=True)[:limit])).update(note="")


def _empty_wrap_ups(contact_ids: Sequence[UUID], limit: int) -> int:
    noted = WrapUp.objects.filter(contact_id__in=contact_ids).annotate(length=Length("note")).filter(length__gt=0)
    return WrapUp.objects.filter(id__in=list(noted.values_list("id", flat=True)[:limit])).update(note="")


def _empty_call_backs(contact_ids: Sequence[UUID], limit: int) -> int:
    noted = CallBackNeeded.objects.filter(contact_id__in=contact_ids).exclude(done_note="")
    return CallBackNeeded.objects.filter(id__in=list(noted.values_list("id", flat=True)[:limit])).update(done_note="")


def _delete_drafts(contact_ids: Sequence[UUID], limit: int) -> int:
    drafts = Draft.objects.filter(contact_id__in=contact_ids).values_list("id", flat=True)
    return Draft.objects.filter(id__in=list(drafts[:limit])).delete()[0]


_EMPTYING: tuple[Callable[[Sequence[UUID], int], int], ...] = (
    _empty_timeline,
    _empty_matters,
    _empty_wrap_ups,
    _empty_call_backs,
    _delete_drafts,
    conversations.empty,
)


def _empty_refused(tenant_id: UUID, term: Term, limit: int) -> int:
    """The callers of refused calls. One to a number that nobody owns has no tenant, and so no rule."""
    old = RefusedCall.objects.filter(tenant_id=tenant_id, at__lt=term.before)
    old = old.annotate(length=Length("caller")).filter(length__gt=0)
    found = dict(old.order_by("at").values_list("id", "at")[:limit])
    if not found:
        return 0
    RefusedCall.objects.filter(id__in=list(found)).update(caller="", caller_index="")
    _tell(tenant_id, "refused_call.anonymised", len(found), max(found.values()), term)
    return len(found)


def _tell(tenant_id: UUID, action: str, count: int, newest: datetime | None, term: Term) -> None:
    """One line of the audit for a portion: how many, up to which moment, by which rule; none of whom."""
    if newest is None:
        return
    details = {"count": count, "newest": newest.isoformat(), "unit": term.unit, "after": term.after}
    audit.record(Actor.system("retention", [tenant_id]), action, "tenant", tenant_id, tenant_id, details)
