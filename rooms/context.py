"""The property that this site sells, for every page."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from rooms.models import Property


def property_of_the_site(request: HttpRequest) -> dict[str, object]:
    return {"property": SimpleLazyObject(lambda: Property.objects.order_by("pk").first())}
