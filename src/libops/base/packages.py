"""Packages that offer the names of their modules and import a module when one of its names is first asked for.

So `from libops.fees.model import AccountLine` brings the model along and not every decision of the room, while
`from libops.fees import AccountLine` and `from libops.fees import pay` still work. For type checkers, the package
imports the names under `TYPE_CHECKING`; at run time it has this in their place:

    __getattr__ = offering(__name__, "model", "policy", "events", "decide", "changes")
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

__all__ = ["offering"]


def offering(package: str, *modules: str) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose `__all__` names what these modules offer.

    Args:
        package: the package's own name.
        modules: where its names are looked for, those that need least first.

    >>> find = offering("libops.base.calendars", "hours", "calendar")
    >>> find("WeeklyHours")(tuesday="10:00-13:00").tuesday
    (Hours(opens=datetime.time(10, 0), closes=datetime.time(13, 0)),)
    >>> find("Closing")
    Traceback (most recent call last):
    ...
    AttributeError: module 'libops.base.calendars' offers no 'Closing'
    """

    def find(name: str) -> Any:
        offered = vars(import_module(package))
        if name in offered["__all__"]:
            for module in modules:
                home = import_module(f"{package}.{module}")
                if name in home.__all__:
                    offered[name] = getattr(home, name)
                    return offered[name]
        raise AttributeError(f"module {package!r} offers no {name!r}")

    return find
