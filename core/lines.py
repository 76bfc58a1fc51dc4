"""Lists in plain text: what the catalogue keeps as JSON, staff edit as lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

MOST = 40


class LinesField(forms.CharField):
    """["a", "b"] as one line each."""

    widget = UnfoldAdminTextareaWidget
    note = gettext_lazy("One per line.")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", self.note)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(self.line(one) for one in value)

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]
        if len(lines) > MOST:
            raise ValidationError(_("At most %(most)s lines."), params={"most": MOST})
        return [self.parse(line) for line in lines]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or []) != self.to_python(data))
        except ValidationError:
            return True

    def line(self, one: Any) -> str:
        return str(one)

    def parse(self, line: str) -> Any:
        return line


class PairsField(LinesField):
    """[{"time": "07:00", "what": "Tea"}] as `07:00 | Tea`."""

    def __init__(self, left: str, right: str, **kwargs: Any) -> None:
        self.left, self.right = left, right
        kwargs.setdefault("help_text", _("One per line: %(left)s | %(right)s") % {"left": left, "right": right})
        super().__init__(**kwargs)

    def line(self, one: Any) -> str:
        return f"{one.get(self.left, '')} | {one.get(self.right, '')}"

    def parse(self, line: str) -> Any:
        left, bar, right = line.partition("|")
        if not bar or not left.strip() or not right.strip():
            raise ValidationError(_("“%(line)s”: write both parts with a | between them."), params={"line": line[:60]})
        return {self.left: left.strip(), self.right: right.strip()}


class BlocksField(LinesField):
    """[{"title": …, "body": …}] as paragraphs: the first line is the title, an empty line ends the block."""

    note = gettext_lazy("The first line is the title, the next lines the text; an empty line begins the next block.")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n\n".join(f"{one['title']}\n{one['body']}" for one in value)

    def to_python(self, value: Any) -> Any:
        text = (forms.CharField.to_python(self, value) or "").replace("\r\n", "\n")
        blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
        if len(blocks) > MOST:
            raise ValidationError(_("At most %(most)s blocks."), params={"most": MOST})
        return [self.parse(block) for block in blocks]

    def parse(self, line: str) -> Any:
        title, _newline, body = line.partition("\n")
        if not body.strip():
            raise ValidationError(_("“%(line)s” has a title but no text."), params={"line": title[:60]})
        return {"title": title.strip(), "body": body.strip()}
