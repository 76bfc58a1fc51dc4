"""The guest's bill, money in, money out."""

from payments.models.events import GatewayEvent, MoneyException
from payments.models.folio import Folio, FolioLine, Instalment
from payments.models.payment import Payment
from payments.models.refund import Refund

__all__ = ["Folio", "FolioLine", "GatewayEvent", "Instalment", "MoneyException", "Payment", "Refund"]
