"""What is sold and at which price."""

from programs.models.catalogue import Extra, Program, ProgramType
from programs.models.prices import ChildRate, PaymentPlan, RateBand, RoomTypeTerms
from programs.models.rules import CancellationPolicy, TaxRule
from programs.models.standing import Standing

__all__ = [
    "CancellationPolicy",
    "ChildRate",
    "Extra",
    "PaymentPlan",
    "Program",
    "ProgramType",
    "RateBand",
    "RoomTypeTerms",
    "Standing",
    "TaxRule",
]
