"""The sandbox gateway forgets as well."""

from __future__ import annotations

from datetime import datetime

from core.personal_data import NAMELESS, NO_MAIL, Contributor, Person, Registry
from payments.privacy import folios_of
from payments.simulator.models import Delivery, Transaction


def erase(person: Person, at: datetime) -> None:
    bills = folios_of(person).exclude(subject__in=person.held)
    txnids = [txnid for bill in bills for txnid in bill.payments.values_list("txnid", flat=True)]
    blank = {f"udf{number}": "" for number in range(1, 6)}
    Delivery.objects.filter(txnid__in=txnids).update(body="", last_error="")
    Transaction.objects.filter(txnid__in=txnids).update(firstname=NAMELESS, email=NO_MAIL, phone="", **blank)


Registry.add(
    Contributor(
        name="sandbox gateway",
        erase=erase,
        personal={
            "payusim.Transaction": "firstname email phone udf1 udf2 udf3 udf4 udf5",
            "payusim.Delivery": "body last_error",
        },
        harmless={"payusim.Refund": "sums and numbers", "payusim.Fault": "switches for trying things out"},
    )
)
