"""A preview is the act without its commit (law 4): it takes what the act takes, told the same way."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

OF_THE_ACT_ALONE = {"preview", "commit"}
"""What only an act is told: the preview it follows, and whether to write."""


def pairs(sources: Any) -> Iterator[tuple[str, inspect.Signature, inspect.Signature]]:
    for source in sources:
        if not source.module.startswith("libops.desk."):
            continue
        module = importlib.import_module(source.module)
        for cls in vars(module).values():
            if inspect.isclass(cls) and cls.__module__ == source.module:
                for name, preview in vars(cls).items():
                    act = getattr(cls, name.removeprefix("preview_"), None)
                    if name.startswith("preview_") and callable(preview):
                        assert act is not None, f"{cls.__name__}.{name} is the preview of no act"
                        yield f"{cls.__name__}.{name}", inspect.signature(preview), inspect.signature(act)


def test_a_preview_takes_what_its_act_takes(sources) -> None:
    """Whatever can be asked of an act can be asked of its preview, by the same names, defaults and types."""
    found = list(pairs(sources))
    assert found, "no desk has previews"
    others = {}
    for name, preview, act in found:
        if any(each.kind is each.VAR_KEYWORD for each in preview.parameters.values()):
            continue  # It hands on whatever it is given.
        expected = [each for each in act.parameters.values() if each.name not in OF_THE_ACT_ALONE]
        if list(preview.parameters.values()) != expected:
            others[name] = (str(preview), str(act))
    assert {} == others
