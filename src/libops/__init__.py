"""The operating brain of a library.

`libops.open()` opens a library; its parts answer with `Permit` or `Refuse`. The rooms can be used alone, without any
storage: `from libops import circulation`. Names are imported when they are first used, so that `import libops` costs
next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from libops.base.decisions import Override, Permit, Reason, Refuse
    from libops.base.errors import LibopsError
    from libops.base.money import Money
    from libops.desk.opening import open
    from libops.desk.operations import Operations
    from libops.desk.settings.loading import Settings, load_settings
    from libops.hooks.markers import hookimpl

__version__ = "0.1.0"

__all__ = [
    "LibopsError",
    "Money",
    "Operations",
    "Override",
    "Permit",
    "Reason",
    "Refuse",
    "Settings",
    "__version__",
    "hookimpl",
    "load_settings",
    "open",
]

HOMES = {
    "LibopsError": "libops.base.errors",
    "Money": "libops.base.money",
    "Operations": "libops.desk.operations",
    "Override": "libops.base.decisions",
    "Permit": "libops.base.decisions",
    "Reason": "libops.base.decisions",
    "Refuse": "libops.base.decisions",
    "Settings": "libops.desk.settings.loading",
    "hookimpl": "libops.hooks.markers",
    "load_settings": "libops.desk.settings.loading",
    "open": "libops.desk.opening",
}


def __getattr__(name: str) -> Any:
    home = HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'libops' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
