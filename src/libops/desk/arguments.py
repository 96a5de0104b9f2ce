"""What a caller hands to an act is held against what the act asks for, before anything is read or written.

A type checker says the same earlier. At run time a time without its zone would be taken for one of the machine's zone,
and text in place of a day would be written into a record that nobody can read: both are told before that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache, wraps
from types import FunctionType, NoneType, UnionType
from typing import Annotated, Any, NewType, TypeVar, Union, get_args, get_origin

import attrs

from libops.base.decisions import Override
from libops.base.errors import InvalidValue
from libops.base.money import Money
from libops.desk.calls import never_began, right_call, tells_right_call

__all__ = ["checked", "checks_arguments", "fitting_fields", "word_of"]

C = TypeVar("C")
E = TypeVar("E", bound=Enum)

WANTED: dict[Any, str] = {
    datetime: "a time with its zone, such as datetime(2026, 3, 2, 9, 30, tzinfo=UTC)",
    date: "a day, such as date(2026, 3, 2)",
    str: "text",
    Money: "Money(250, 'EUR')",
    NoneType: "None",
    Override: "libops.Override(codes=[...], by=..., why=..., rights=[...])",
}


def checked(name: str, value: Any, declared: Any) -> None:
    """Raise `InvalidValue` for a value that is not of the declared type, with what would be.

    >>> checked("until", datetime(2026, 3, 2), datetime | None)
    Traceback (most recent call last):
    ...
    libops.base.errors.InvalidValue: until datetime.datetime(2026, 3, 2, 0, 0): give a time with its zone, \
such as datetime(2026, 3, 2, 9, 30, tzinfo=UTC) or None
    """
    if not fits(value, declared):
        kinds = parts(declared)
        as_text = f": {str(value)!r}" if type(value) is int and str in kinds and Money not in kinds else ""
        as_money = " such as '2.50 EUR'" if {Money, str} <= set(kinds) else ""
        raise InvalidValue(f"{name} {value!r}: give {' or '.join(map(wanted, kinds))}{as_text or as_money}")


def checks_arguments(*, but: Sequence[str] = ()) -> Callable[[type[C]], type[C]]:
    """A facade whose documented acts check what they are called with, also those of the classes it is built upon.

    Those in `but` check values themselves. All of them name the right call to who calls them wrongly.
    """

    def with_checks(cls: type[C]) -> type[C]:
        acts = {name: act for each in reversed(cls.__mro__) for name, act in vars(each).items()}
        for name, act in acts.items():
            if isinstance(act, FunctionType) and act.__doc__ and not name.startswith("_"):
                setattr(cls, name, tells_right_call(act) if name in but else checking(act))
        return cls

    return with_checks


def checking(act: Callable[..., Any]) -> Callable[..., Any]:
    """An act that checks its arguments first."""
    code = act.__code__
    positional = code.co_varnames[1 : code.co_argcount]

    @wraps(act)
    def checked_act(self: Any, *given: Any, **named: Any) -> Any:
        declared = declared_of(act)
        for name, value in (*zip(positional, given, strict=False), *named.items()):
            if name in declared:
                checked(name, value, declared[name])
        try:
            return act(self, *given, **named)
        except TypeError as error:
            if never_began(error):
                raise TypeError(right_call(act, given, named)) from None
            raise

    return checked_act


@cache
def declared_of(act: Callable[..., Any]) -> Mapping[str, Any]:
    """The types of an act's arguments; those that are only known to a type checker are left out."""
    names = vars(sys.modules[act.__module__])
    code = act.__code__
    arguments = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    found = {}
    for name in arguments:
        try:
            found[name] = eval(act.__annotations__[name], names)  # the words of our own source
        except (NameError, KeyError):
            continue
    return found


def fitting_fields(
    cls: type[Any], what: str, given: Mapping[str, Any], *, but: Sequence[str] = ()
) -> Mapping[str, Any]:
    """The fields of a record that a caller gave by name, for `evolve` or the class; those in `but` are not given so.

    Raises `InvalidValue` for a field that such a record does not have, and for a value of another type.
    """
    from difflib import get_close_matches

    fields = attrs.fields(attrs.resolve_types(cls))
    declared = {field.name: field.type for field in fields if field.init and field.name not in but}
    for name, value in given.items():
        if name not in declared:
            near = get_close_matches(name, declared, n=1)
            there = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(declared))}"
            raise InvalidValue(f"{what} has no field {name!r} that is given this way; {there}")
        checked(name, value, declared[name])
    return given


def word_of(kind: type[E], text: E | str, name: str) -> E:
    """A member of an enumeration, as written. Raises `InvalidValue` with the words there are."""
    try:
        return kind(text)
    except ValueError:
        words = ", ".join(each.value for each in kind)
        raise InvalidValue(f"{name} is {text!r}; it is one of {words}") from None


def parts(declared: Any) -> tuple[Any, ...]:
    """The types that are as good as each other: those of a union, or the one."""
    while isinstance(declared, NewType):
        declared = declared.__supertype__
    if get_origin(declared) in (Union, UnionType):
        return tuple(part for each in get_args(declared) for part in parts(each))
    return (NoneType if declared is None else declared,)


def fits(value: Any, declared: Any) -> bool:
    """Whether a value is of a declared type; what cannot be told at run time fits."""
    return any(fits_part(value, part) for part in parts(declared))


def fits_part(value: Any, declared: Any) -> bool:
    if declared is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None
    if declared is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    origin, within = get_origin(declared), get_args(declared)
    if origin is Annotated:
        return isinstance(value, within[0])
    if origin is tuple and within[-1:] == (...,):
        return isinstance(value, tuple) and all(fits(each, within[0]) for each in value)
    if origin is not None and issubclass(origin, Iterable) and not issubclass(origin, Mapping):
        # Text is a sequence of letters, and never meant so.
        return isinstance(value, Iterable) and not isinstance(value, str | bytes)
    if getattr(declared, "__module__", "") == "typing":
        return True
    try:
        return isinstance(value, origin or declared)
    except TypeError:
        return True


def wanted(part: Any) -> str:
    """The words for a type."""
    if part in WANTED:
        return WANTED[part]
    if isinstance(part, type) and issubclass(part, Enum):
        home = ".".join(part.__module__.split(".")[:2])
        return f"{part.__name__}.{', '.join(part.__members__)} (from {home} import {part.__name__})"
    origin, within = get_origin(part), get_args(part)
    if origin is Annotated:
        return str(within[1])
    if origin is not None and issubclass(origin, Iterable) and within:
        kind = "a tuple" if origin is tuple else "a list"
        return kind if within[0] is Any else f"{kind} of {' or '.join(map(wanted, parts(within[0])))}"
    return getattr(part, "__name__", str(part))
