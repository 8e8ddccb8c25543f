"""One merge for all edits: what was not sent stays, also inside of what is nested."""

from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.core.shapes import Shape

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Patch(Shape):
    """Base of an edit's shape: each field may be left out. Null says so too, but of the NULLABLE, where it is a value."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset()

    def changes(self) -> dict[str, Any]:
        """What was sent, nested as it was sent, for `merged`."""
        sent = self.model_dump(exclude_unset=True)
        return {name: value for name, value in sent.items() if value is not None or name in self.NULLABLE}


def sent_names(shape: Shape) -> frozenset[str]:
    """The fields that were sent, where a field that was left out means something else than its default."""
    return frozenset(shape.model_fields_set)


def merged[N: DataclassInstance](noun: N, changes: Mapping[str, Any]) -> N:
    """The noun with the changes; of a noun inside of it only what they name."""
    return replace(noun, **{name: _new(getattr(noun, name), value) for name, value in changes.items()})


def _new(known: Any, sent: Any) -> Any:
    inside = is_dataclass(known) and not isinstance(known, type) and isinstance(sent, Mapping)
    return merged(known, sent) if inside else sent
