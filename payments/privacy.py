"""What payments knows of people: who pays a bill, and what a gateway told us about her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from audit.forgetting import blank_events, lawfully
from core.actors import SYSTEM
from core.personal_data import NAMELESS, NO_MAIL, Contributor, Hold, Person, Registry, Rule
from payments.models import Folio, GatewayEvent, Payment, Refund

TAX_YEARS = 8
MOVING = (Refund.State.PROMISED, Refund.State.SENT, Refund.State.WITH_BANK, Refund.State.FAILED)


def folios_of(person: Person) -> QuerySet[Folio]:
    """Bills of the person's own account and stays."""
    return Folio.objects.filter(Q(owner_id=person.user_id) | Q(subject__in=person.subjects))


def export_of(person: Person) -> Mapping[str, Any]:
    """Bills with their lines, payments and refunds."""
    bills = folios_of(person).prefetch_related("lines", "payments", "refunds")
    return {"bills": [_bill(bill) for bill in bills]} if bills else {}


def _bill(bill: Folio) -> dict[str, Any]:
    return {
        "for": bill.subject,
        "payer_name": bill.payer_name,
        "payer_email": bill.payer_email,
        "payer_phone": bill.payer_phone,
        "currency": bill.currency,
        "lines": [{"what": line.description, "amount": line.amount, "at": line.posted_at} for line in bill.lines.all()],
        "payments": [
            {"amount": one.amount, "state": one.get_state_display(), "by": one.mode, "at": one.created_at}
            for one in bill.payments.all()
        ],
        "refunds": [
            {"amount": one.amount, "state": one.get_state_display(), "at": one.settled_at} for one in bill.refunds.all()
        ],
    }


def holds_of(person: Person, at: datetime) -> Sequence[Hold]:
    """Money on its way stays named until it has arrived; a paid bill's name is kept apart, sealed, for eight years."""
    found = []
    for bill in folios_of(person).exclude(payer_email=NO_MAIL):
        reference = bill.subject.partition(":")[2]
        if bill.refunds.filter(state__in=MOVING).exists() or bill.payments.filter(state="pending").exists():
            words = f"Money for {reference} is on its way. The bill keeps its name until it has arrived."
            found.append(Hold("open-money", bill.subject, words, None))
        elif bill.payments.filter(state=Payment.State.CAPTURED).exists():
            until = _tax_until(bill.created_at.date())
            words = f"The bill of {reference} with your name: tax law wants it for eight years (section 36 CGST Act)."
            data = {"name": bill.payer_name, "email": bill.payer_email, "phone": bill.payer_phone}
            found.append(Hold("tax", bill.subject, words, until, data))
    return found


def _tax_until(day: date) -> date:
    """The end of the eighth financial year (31 March) after the bill."""
    year = day.year if day.month <= 3 else day.year + 1
    return date(year + TAX_YEARS, 3, 31)


def erase(person: Person, at: datetime) -> None:
    """Bills lose their names, notices of gateways what they said of the payer."""
    bills = folios_of(person).exclude(subject__in=person.held)
    txnids = Payment.objects.filter(folio__in=bills).values_list("txnid", flat=True)
    GatewayEvent.objects.filter(txnid__in=list(txnids)).update(payload={})
    bills.update(payer_name=NAMELESS, payer_email=NO_MAIL, payer_phone="")


def redact(person: Person, at: datetime) -> None:
    """What the events kept of the names."""
    rows = list(folios_of(person).exclude(subject__in=person.held).values_list("pk", flat=True))
    with lawfully("erasure of bills (DPDP Act, section 12)", by=SYSTEM, at=at) as pen:
        blank_events(pen, Folio, {"pgh_obj_id__in": rows}, "payer_name", "payer_email", "payer_phone")


def _notices(before: datetime) -> QuerySet[GatewayEvent]:
    return GatewayEvent.objects.filter(created_at__lt=before, work_state="done").exclude(payload={})


RULES = (
    Rule(
        "gateway-notices",
        "What a payment gateway told us",
        540,
        "A bank may dispute a payment for up to eighteen months.",
        _notices,
        "created_at",
        lambda before: _notices(before).update(payload={}),
    ),
)

Registry.add(
    Contributor(
        name="payments",
        export=export_of,
        holds=holds_of,
        erase=erase,
        redact=redact,
        rules=RULES,
        personal={"payments.Folio": "payer_name payer_email payer_phone", "payments.GatewayEvent": "payload"},
        harmless={
            "payments.FolioLine": "what was sold, for how much",
            "payments.Instalment": "milestones and sums",
            "payments.MoneyException": "references and sums; the closing member of staff",
            "payments.Payment": "sums, the gateway's numbers",
            "payments.Refund": "sums, the bank's numbers",
        },
    )
)
