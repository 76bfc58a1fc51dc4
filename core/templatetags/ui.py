"""What templates say over and over: rupees, dates in words, icons, pictures, the path of a stay. No rules."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.contrib.staticfiles import finders
from django.forms import BoundField, CheckboxInput
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import format_inr
from core.phones import shown
from core.templatetags.icons import ICONS
from core.templatetags.stay_path import stay_path as draw

register = template.Library()
INDIA = ZoneInfo("Asia/Kolkata")


# Money and counts


@register.filter
def inr(amount: Decimal | int | str | None) -> str:
    """₹1,25,000. Accepts what the quote and the API carry; an empty value stays empty."""
    if amount in (None, ""):
        return ""
    try:
        return format_inr(Decimal(str(amount)))
    except InvalidOperation:
        return ""


@register.filter
def nights_words(count: int) -> str:
    """ "7 nights"."""
    return ngettext("%(n)s night", "%(n)s nights", int(count)) % {"n": count}


@register.filter
def days_words(count: int) -> str:
    """ "3 days"."""
    return ngettext("%(n)s day", "%(n)s days", int(count)) % {"n": count}


@register.filter
def minutes_words(count: int) -> str:
    """ "20 minutes"."""
    return ngettext("%(n)s minute", "%(n)s minutes", int(count)) % {"n": count}


@register.filter
def subject_words(subject: str) -> str:
    """`booking:PW-…` as a link, `form:…` in words, as the lists of the back office show it."""
    from core.admin import Subjects  # the admin's machinery is not needed by the other pages

    return Subjects.link(subject)


@register.filter
def code_words(code: str) -> str:
    """`front_desk` -> "front desk"."""
    return str(code or "").replace("_", " ")


@register.filter
def guests_words(count: int) -> str:
    """ "2 guests"."""
    return ngettext("%(n)s guest", "%(n)s guests", int(count)) % {"n": count}


# Dates in words


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value, INDIA).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, date):
        return value
    return parse_date(value[:10]) if isinstance(value, str) and value else None


@register.filter
def telephone(number: str) -> str:
    """+91 891 555 0100, however it was typed."""
    return shown(str(number or ""))


@register.filter
def day(value: object) -> str:
    """Fri 3 May 2027. Takes a date, a datetime or ISO text."""
    found = _as_date(value)
    return date_format(found, "D j M Y") if found else ""


@register.filter
def day_short(value: object) -> str:
    """Fri 3 May: where the year stands close by."""
    found = _as_date(value)
    return date_format(found, "D j M") if found else ""


@register.filter
def day_iso(value: object) -> str:
    """2027-05-03, for <time datetime>."""
    found = _as_date(value)
    return found.isoformat() if found else ""


@register.filter
def ist(value: datetime | str | None) -> str:
    """Fri 3 May 2027, 6:30 pm IST. The zone is always named."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    if moment is None:
        return ""
    return date_format(timezone.localtime(moment, INDIA), "D j M Y, g:i a").replace(".", "") + " IST"


@register.filter
def due_words(value: object) -> str:
    """When a payment is due: a date becomes "by Fri 3 May 2027"; "now" and other plain words stay words."""
    found = _as_date(value)
    if found:
        return _("by %(date)s") % {"date": date_format(found, "D j M Y")}
    words = {"now": _("now"), "check_in": _("at check-in"), "check-in": _("at check-in")}
    return words.get(str(value), str(value or ""))


@register.simple_tag
def stay_dates(check_in: object, check_out: object) -> str:
    """Fri 3 – Fri 10 May 2027, repeating month and year only where they differ."""
    first, last = _as_date(check_in), _as_date(check_out)
    if not first or not last:
        return ""
    shape = "D j" if (first.year, first.month) == (last.year, last.month) else "D j M"
    shape = shape if first.year == last.year else "D j M Y"
    return f"{date_format(first, shape)} – {date_format(last, 'D j M Y')}"


# Pictures


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A decorative line icon; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        css,
        SafeString(ICONS[name]),  # nosec B703
    )


@lru_cache(maxsize=256)
def _picture(kind: str, slug: str) -> str:
    path = f"img/{kind}/{slug}.svg"
    return path if finders.find(path) else f"img/{kind}/any.svg"


@register.simple_tag
def art(kind: str, slug: str, alt: str = "", eager: bool = False, css: str = "") -> SafeString:
    """The drawing of a room type or program ("rooms", "programs"); a calm general one where none was drawn yet."""
    loading = SafeString('fetchpriority="high"' if eager else 'loading="lazy"')  # nosec B703
    return format_html(
        '<img src="{}" width="800" height="600" alt="{}" class="{}" decoding="async" {}>',
        static(_picture(kind, str(slug))),
        alt,
        css,
        loading,
    )


@register.inclusion_tag("components/path.html")
def stay_path(nights: int, at: int | None = None, wide: bool = False, label: str = "") -> dict[str, object]:
    """The brass line. `at`: nights already passed (0 on arrival day); without it the stay lies ahead."""
    nights = int(nights or 1)
    at = None if at in (None, "") else int(at)
    drawn = draw(nights, at, wide=bool(wide))
    words = label or nights_words(nights)
    if at is not None and not label:
        words = _("%(nights)s, day %(day)s of %(days)s") % {
            "nights": words,
            "day": min(at, nights) + 1,
            "days": nights + 1,
        }
    return {"path": drawn, "label": words}


@register.filter
def stay_days(nights: int | str) -> range:
    """The dots of the path in a mail, where nothing can be drawn: at most 14. Takes 7 or "7 nights"."""
    digits = re.match(r"\d{1,3}", str(nights))
    return range(min(max(int(digits.group() if digits else 1), 1), 14))


@register.filter
def text_path(nights: int | str) -> str:
    """The path in a plain letter: O--o--o--O."""
    return "O" + "--o" * (len(stay_days(nights)) - 1) + "--O"


# Forms and navigation


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is set: "check" for one box, "choice" for radio groups and lists of boxes, "text" for the rest."""
    if isinstance(field.field.widget, CheckboxInput):
        return "check"
    return "choice" if field.field.widget.use_fieldset else "text"


@register.filter
def first_id(field: BoundField) -> str:
    """The id an error message links to; for a group, its first choice."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, name: str, label: str, css: str = "nav__link") -> SafeString:
    """A link that knows when it is the current section. A door that is not installed shows nothing."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return SafeString("")
    request = context.get("request")
    here = bool(request) and request.path.startswith(url) and (url != "/" or request.path == "/")
    current = SafeString(' aria-current="page"' if here else "")  # nosec B703
    return format_html('<a class="{}" href="{}"{}>{}</a>', css, url, current, label)


@register.simple_tag(takes_context=True)
def absolute(context: template.Context, path: str) -> str:
    """A full address for link previews and canonical links."""
    request = context.get("request")
    return request.build_absolute_uri(path) if request else path


@register.simple_tag
def page_numbers(page: object) -> list[object]:
    """Numbers and gaps for the pagination of a Django Page."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
