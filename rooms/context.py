"""The property that this site sells, for every page."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from rooms import queries


def property_of_the_site(request: HttpRequest) -> dict[str, object]:
    return {"property": SimpleLazyObject(queries.property_of_the_site)}
