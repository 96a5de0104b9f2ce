"""What a plugin declares is looked at when it is made: a slip would be let in and never be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from libops.base.errors import InvalidValue
from libops.wire.scalars import nearest

__all__ = ["asked", "named", "one_of", "texts", "typed"]

Check = Callable[[Any, Any, Any], None]
"""What attrs calls with a thing, one of its fields and the field's value."""


def refuse(thing: Any, what: Any, value: object, right: str) -> None:
    raise InvalidValue(f"{type(thing).__name__} {thing.name!r}: {what.name} {value!r}; {right}")


def named(thing: Any, what: Any, value: Any) -> None:
    """The name that settings and reports know it by."""
    if not isinstance(value, str) or not value.strip():
        refuse(thing, what, value, "write a text that is not blank")


def asked(thing: Any, what: Any, value: Any) -> None:
    """What is called later."""
    if not callable(value):
        refuse(thing, what, value, "give a function")


def texts(thing: Any, what: Any, value: Any) -> None:
    """Several texts; of a single one each letter would count."""
    if isinstance(value, str) or not all(isinstance(text, str) for text in value):
        refuse(thing, what, value, f"write ({value!r},)")


def one_of(*known: str) -> Check:
    """One of the words that somebody asks for."""

    def check(thing: Any, what: Any, value: Any) -> None:
        if value not in known:
            refuse(thing, what, value, nearest(str(value), list(known)))

    return check


def typed(kind: type[Any]) -> Check:
    """A member of a class, not its value."""

    def check(thing: Any, what: Any, value: Any) -> None:
        if not isinstance(value, kind):
            refuse(thing, what, value, f"give a member of {kind.__name__}")

    return check
