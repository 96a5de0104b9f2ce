"""Makers of frozen values, for the few places that make many of them.

attrs stores every field of a frozen value through `object.__setattr__`, which costs about nine hundred machine
instructions a field; a checkout makes a dozen values with a hundred and thirty fields between them. A maker fills a
draft of the same layout with plain stores, thirty instructions each, and the draft then becomes the frozen class:
`__class__` may be assigned between classes of the same `__slots__`.

>>> from attrs import frozen
>>> @frozen(weakref_slot=False)
... class Shelfmark:
...     number: str
...     copy: int = 1
>>> shelfmark = maker(Shelfmark)
>>> shelfmark("419 Tom", copy=2) == Shelfmark("419 Tom", copy=2)
True
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from attrs import NOTHING, Attribute, Factory, fields

from libops.base.errors import InvalidValue

__all__ = ["maker"]

P = ParamSpec("P")
V = TypeVar("V")


def maker(cls: Callable[P, V]) -> Callable[P, V]:
    """A function that makes values of a class just as calling the class does, only faster.

    The class is a named tuple; or it is frozen with slots, no `__weakref__` among them (`weakref_slot=False`), and its
    fields are stored as they come: no converter, no factory. Validators and `__attrs_post_init__` have their say once
    all fields are stored. Raises `InvalidValue` for any other class.
    """
    made: Any = cls
    found: Callable[P, V] = tuple_maker(made) if issubclass(made, tuple) else frozen_maker(made)
    return found


def tuple_maker(made: Any) -> Any:
    """Python makes a named tuple through two calls more than a tuple takes."""
    names, defaults = made._fields, made._field_defaults
    arguments = ", ".join(f"{name}=default_{name}" if name in defaults else name for name in names)
    lines = f"def make({arguments}):\n    return new(Made, ({', '.join(names)},))\n"
    return defined(lines, Made=made, new=tuple.__new__, **{f"default_{name}": defaults[name] for name in defaults})


def frozen_maker(made: Any) -> Any:
    slots = made.__dict__.get("__slots__", ("__weakref__",))
    plain = all(stored_as_it_comes(each) for each in fields(made))
    if "__weakref__" in slots or not plain:
        raise InvalidValue(
            f"{made.__name__} needs more than its fields stored: a maker takes a frozen class with weakref_slot=False, "
            "and no converter or factory"
        )
    plain_ways = {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
    body = {"__slots__": slots, **plain_ways}
    body |= {name: made.__dict__[name] for name in ("__orig_bases__", "__parameters__") if name in made.__dict__}
    draft = type(made.__name__, made.__bases__, body)
    defaults = {f"default_{each.alias}": each.default for each in fields(made)}
    checked = [each for each in fields(made) if each.validator is not None]
    checks = {f"check_{each.name}": each.validator for each in checked}
    checks |= {f"attribute_{each.name}": each for each in checked}
    lines = source(fields(made), hasattr(made, "__attrs_post_init__"))
    return defined(lines, Draft=draft, Made=made, **defaults, **checks)


def defined(lines: str, **names: Any) -> Any:
    exec(lines, names)
    return names["make"]


def stored_as_it_comes(of: Attribute[Any]) -> bool:
    no_factory = not isinstance(of.default, Factory)  # type: ignore[arg-type]
    return of.init and of.converter is None and no_factory


def source(of: tuple[Attribute[Any], ...], post_init: bool) -> str:
    positional = [argument(each) for each in of if not each.kw_only]
    by_name = [argument(each) for each in of if each.kw_only]
    arguments = ", ".join([*positional, *(["*", *by_name] if by_name else [])])
    stores = "".join(f"    draft.{each.name} = {each.alias}\n" for each in of)
    checks = "".join(
        f"    check_{each.name}(draft, attribute_{each.name}, draft.{each.name})\n" for each in of if each.validator
    )
    last = "    draft.__attrs_post_init__()\n" if post_init else ""
    made = f"    draft = Draft()\n{stores}    draft.__class__ = Made\n{checks}{last}"
    return f"def make({arguments}):\n{made}    return draft\n"


def argument(of: Attribute[Any]) -> str:
    return str(of.alias) if of.default is NOTHING else f"{of.alias}=default_{of.alias}"
