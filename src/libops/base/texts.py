"""What names a thing is text with something in it, as validators of fields: None is no text, and passes.

>>> from attrs import field, frozen
>>> @frozen
... class Kiln:
...     id: str = field(validator=an_identifier)
...     name: str = field(validator=not_blank)
>>> Kiln("kiln-2", "Small kiln")
Kiln(id='kiln-2', name='Small kiln')
>>> Kiln("kiln-2", " ")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: name ' ' of Kiln is blank: write what people know it by
>>> Kiln(" kiln-2", "Small kiln")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: id ' kiln-2' of Kiln has blanks around it: write 'kiln-2'
"""

from __future__ import annotations

from typing import Any

from attrs import Attribute

from libops.base.errors import InvalidValue

__all__ = ["an_identifier", "not_blank"]


def not_blank(instance: object, attribute: Attribute[Any], value: str | None) -> None:
    """Raises `InvalidValue` for text that is empty or blank."""
    if value is not None and not value.strip():
        told = f"{attribute.name} {value!r} of {type(instance).__name__} is blank"
        raise InvalidValue(f"{told}: write what people know it by")


def an_identifier(instance: object, attribute: Attribute[Any], value: str | None) -> None:
    """Raises `InvalidValue` for text that is empty or has blanks around it: nobody would find the thing by it."""
    if value is None or (value and value == value.strip()):
        return
    told = f"{attribute.name} {value!r} of {type(instance).__name__}"
    if value.strip():
        raise InvalidValue(f"{told} has blanks around it: write {value.strip()!r}")
    raise InvalidValue(f"{told} is blank: write one such as 'study-2', or leave it out where libops makes one")
