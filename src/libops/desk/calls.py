"""The right call of an act, for who called it wrongly: with values in place of names, or under names it does not know.

Python says that something is missing or unexpected, and not what there is.

>>> def check_out(self, *, patron: str, item: str, by: str = "desk") -> None: ...
>>> print(right_call(check_out, ("2123", "3123"), {}))
check_out() takes no values without a name: write check_out(patron=..., item=...); it may also have by=...
>>> print(right_call(check_out, (), {"card": "2123", "item": "3123"}))
check_out() has no 'card', did you mean 'patron'? Write check_out(patron=..., item=...); it may also have by=...
>>> print(right_call(check_out, (), {"patron": "2123"}))
check_out() needs item=...: write check_out(patron=..., item=...); it may also have by=...
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

from libops.base.errors import LibopsError

__all__ = ["never_began", "right_call", "tells_parts", "tells_right_call"]

A = TypeVar("A", bound=Callable[..., Any])
C = TypeVar("C")

OTHER_WORDS = {
    "patron": ("card", "borrower", "member", "reader", "user", "customer"),
    "item": ("barcode", "book", "copy", "piece"),
    "library": ("branch", "agency", "location"),
    "bib": ("biblio", "title", "record"),
    "why": ("reason", "note"),
    "note": ("why", "reason", "text", "message"),
    "by": ("staff", "who", "operator"),
    "amount": ("money", "sum", "price"),
}
"""What other systems and people call it, by our word."""

NAMED = inspect.Parameter.KEYWORD_ONLY
PLACED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def tells_right_call(act: A) -> A:
    """An act whose wrong calls name the right one; what it is called with is its own to check."""

    bound = act.__code__.co_varnames[:1] == ("self",)

    @wraps(act)
    def told(*given: Any, **named: Any) -> Any:
        try:
            return act(*given, **named)
        except TypeError as error:
            if never_began(error):
                raise TypeError(right_call(act, given[bound:], named)) from None
            raise

    return cast("A", told)


def tells_parts(cls: type[C]) -> type[C]:
    """A library whose missing names tell in which of its parts an act is.

    Set beside the class, so that a type checker still knows which names there are.
    """
    type.__setattr__(cls, "__getattr__", missing_name)
    return cls


def missing_name(library: Any, name: str) -> Any:
    own = vars(type(library))
    if name in own:  # a part whose making failed: it fails again, as it did
        return own[name].__get__(library, type(library))
    told = f"{type(library).__name__!r} object has no attribute {name!r}"
    parts = [each for each, made in own.items() if isinstance(made, cached_property) and made.__doc__]
    if name.startswith("_"):
        raise AttributeError(told)
    homes = [f"ops.{part}.{name}" for part in parts if hasattr(acts_of(library, part), name)]
    if homes:
        raise AttributeError(f"{told}; did you mean {' or '.join(homes)}?")
    raise AttributeError(f"{told}; its parts are {', '.join(sorted(parts))}")


def acts_of(library: Any, part: str) -> Any:
    try:
        return type(getattr(library, part))
    except LibopsError:  # one that the settings do not have
        return None


def never_began(error: TypeError) -> bool:
    """Whether the error was raised by the call that caught it, and not by what was called."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is None


def right_call(act: Callable[..., Any], given: Sequence[Any], named: Mapping[str, Any]) -> str:
    """What is wrong with a call of an act, and the call it takes."""
    takes = [each for name, each in inspect.signature(act).parameters.items() if name != "self"]
    needed = [each for each in takes if each.default is each.empty and each.kind in (NAMED, *PLACED)]
    options = [each.name for each in takes if each.default is not each.empty]
    arguments = ", ".join(f"{each.name}=..." if each.kind == NAMED else each.name for each in needed)
    call = f"rite {act.__name__}({arguments})" + (f"; it may also have {listed(options)}" if options else "")
    places = [each.name for each in takes if each.kind in PLACED]
    names = [each.name for each in takes if each.kind in (NAMED, *PLACED)]
    for name in named:
        if name not in names:
            near = meant(name, [each for each in names if each not in named])
            return f"{act.__name__}() has no {name!r}" + (f", did you mean {near!r}? W{call}" if near else f": w{call}")
    if len(given) > len(places):
        more = "no values" if not places else f"only {' and '.join(places)}"
        return f"{act.__name__}() takes {more} without a name: w{call}"
    for name in places[: len(given)]:
        if name in named:
            return f"{act.__name__}() was given {name!r} twice, in its place and by name: w{call}"
    missing = [each.name for each in needed if each.name not in [*places[: len(given)], *named]]
    return f"{act.__name__}() needs {listed(missing)}: w{call}"


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"{name}=..." for name in names)


def meant(name: str, free: Sequence[str]) -> str:
    """The name that was probably meant, among those that are not given."""
    near = get_close_matches(name.lower(), free, n=1)
    return near[0] if near else next((each for each in free if name.lower() in OTHER_WORDS.get(each, ())), "")
