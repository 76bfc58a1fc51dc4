"""The bill: append-only lines, one per cause; a total is a sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Sum

from core.errors import Conflict
from core.money import ZERO, percent_of
from payments.models import Folio, FolioLine, Instalment, Payment

CHARGES = (FolioLine.Kind.CHARGE, FolioLine.Kind.DISCOUNT, FolioLine.Kind.ADJUSTMENT)


@dataclass(frozen=True, slots=True)
class Charge:
    """What a line says; `amount` in rupees, tax inclusive. `key` makes it unique on the folio."""

    key: str
    code: str
    description: str
    amount: Decimal
    quantity: int = 1
    unit_amount: Decimal | None = None
    taxable: Decimal = ZERO
    gst_rate: Decimal = ZERO
    cgst: Decimal = ZERO
    sgst: Decimal = ZERO
    round_off: Decimal = ZERO
    why: str = ""
    kind: str = FolioLine.Kind.CHARGE


@dataclass(frozen=True, slots=True)
class Milestone:
    """By `due_at` the guest has paid `paid_total` in rupees; payable when `opened`."""

    milestone: str
    paid_total: Decimal
    due_at: datetime | None
    opened: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A folio in four figures, in rupees. `paid` is money in less money out."""

    charges: Decimal
    paid_in: Decimal
    paid_out: Decimal

    @property
    def paid(self) -> Decimal:
        return self.paid_in - self.paid_out

    @property
    def balance(self) -> Decimal:
        """What the guest still owes; negative when we owe."""
        return self.charges - self.paid


def open_folio(
    subject: str,
    *,
    payer_name: str,
    payer_email: str,
    payer_phone: str,
    owner_id: int | None,
    currency: str,
    at: datetime,
) -> Folio:
    """A new bill for `subject` (kind:reference)."""
    return Folio.objects.create(
        subject=subject,
        payer_name=payer_name,
        payer_email=payer_email,
        payer_phone=payer_phone,
        owner_id=owner_id,
        currency=currency,
        created_at=at,
    )


def hand_over(folio: Folio, *, owner_id: int) -> None:
    """The bill belongs to this account from now on."""
    Folio.objects.filter(pk=folio.pk).update(owner_id=owner_id)
    folio.owner_id = owner_id


def post(folio: Folio, charges: Iterable[Charge], *, at: datetime) -> None:
    """Append lines. A key that is on the folio already raises IntegrityError: one line per cause."""
    FolioLine.objects.bulk_create(
        [
            FolioLine(
                folio=folio,
                kind=charge.kind,
                code=charge.code,
                description=charge.description,
                quantity=charge.quantity,
                unit_amount=charge.amount if charge.unit_amount is None else charge.unit_amount,
                amount=charge.amount,
                taxable=charge.taxable,
                gst_rate=charge.gst_rate,
                cgst=charge.cgst,
                sgst=charge.sgst,
                round_off=charge.round_off,
                why=charge.why,
                key=f"{folio.pk}:{charge.key}",
                posted_at=at,
            )
            for charge in charges
        ]
    )


def plan(folio: Folio, milestones: Iterable[Milestone], *, at: datetime) -> None:
    """Lay down the payment schedule of a new folio."""
    Instalment.objects.bulk_create(
        [
            Instalment(
                folio=folio,
                milestone=step.milestone,
                paid_total=step.paid_total,
                due_at=step.due_at,
                opened_at=at if step.opened else None,
                position=position,
            )
            for position, step in enumerate(milestones)
        ]
    )


def open_milestones(folio: Folio, *, at: datetime, due: dict[str, datetime]) -> None:
    """Make the milestones named in `due` payable, with their due instants; opened ones keep their first opening."""
    for milestone, due_at in due.items():
        rows = Instalment.objects.filter(folio=folio, milestone=milestone)
        rows.update(due_at=due_at)
        rows.filter(opened_at__isnull=True).update(opened_at=at)


def retotal(folio: Folio, new_total: Decimal, *, half_percent: int) -> None:
    """After a price change the milestones that depend on the total follow it; deposits stay as they were."""
    for row in folio.instalments.all():
        if row.milestone in ("balance", "full"):
            row.paid_total = new_total
        elif row.milestone == "half":
            row.paid_total = percent_of(new_total, half_percent)
        else:
            continue
        row.save(update_fields=["paid_total"])


def standing(folio: Folio) -> Standing:
    """The figures of a folio, summed by the database in one query."""
    rows = dict(FolioLine.objects.filter(folio=folio).order_by().values_list("kind").annotate(total=Sum("amount")))
    return standing_of(rows)


def standing_of(sums: Mapping[str, Decimal]) -> Standing:
    """The figures behind the sums per kind of line."""
    return Standing(
        charges=sum((sums.get(kind, ZERO) for kind in CHARGES), ZERO),
        paid_in=-sums.get(FolioLine.Kind.PAYMENT, ZERO),
        paid_out=sums.get(FolioLine.Kind.REFUND, ZERO),
    )


def counted(folio: Folio) -> Decimal:
    """Rupees that a decision may count on: captured, taken note of by the folio's owner, and not promised back.

    A payment between its capture and its owner's reaction does not count yet; one that goes back counts no more.
    """
    return counted_of([folio.pk])[folio.pk]


def counted_of(folio_ids: Iterable[int]) -> dict[int, Decimal]:
    """The same for many folios, in one query."""
    found = dict.fromkeys(folio_ids, ZERO)
    rows = Payment.objects.filter(folio_id__in=found, state=Payment.State.CAPTURED, applied_at__isnull=False)
    sums = rows.order_by().values_list("folio_id").annotate(held=Sum(F("amount") - F("refund_reserved")))
    found.update(dict(sums))
    return found


def owed(folio: Folio) -> Decimal:
    """Charges less what counts, in rupees; below zero the house owes."""
    return standing(folio).charges - counted(folio)


def lock(folio: Folio) -> Folio:
    """Lock the folio's row (after booking, inventory and assignment; before wallet)."""
    return Folio.objects.select_for_update().get(pk=folio.pk)


def payable(folio: Folio, milestone: str, *, paid: Decimal) -> Decimal:
    """What is left to reach `milestone`, in rupees.

    Raises Conflict("unknown_milestone" | "not_open_yet" | "already_paid").
    """
    row = Instalment.objects.filter(folio=folio, milestone=milestone).first()
    if row is None:
        raise Conflict("unknown_milestone", "There is no such instalment on this booking.", attr="milestone")
    if row.opened_at is None:
        raise Conflict("not_open_yet", "This instalment cannot be paid yet.", attr="milestone")
    if row.paid_total <= paid:
        raise Conflict("already_paid", "This instalment is paid already.", attr="milestone")
    return row.paid_total - paid
