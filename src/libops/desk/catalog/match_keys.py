"""The match keys there are: the shipped ones and those of plugins, and whether settings name one of them."""

from __future__ import annotations

from collections.abc import Iterator

from libops.base.errors import NotFound
from libops.catalog.matching import MatchKey
from libops.catalog.matching.keys import KEYS
from libops.catalog.policy import MatchTerms
from libops.hooks.registry import Registry
from libops.wire.scalars import nearest

__all__ = ["match_key_problems", "match_keys"]


def match_keys(registry: Registry) -> dict[str, MatchKey]:
    """Every match key by its name; a plugin's takes the place of a shipped one of the same name."""
    return {**KEYS, **registry.formats_of("match_key")}


def match_key_problems(terms: MatchTerms, registry: Registry, name: str) -> Iterator[str]:
    """What is wrong with the key that the settings of this name ask for, with what may have been meant."""
    keys = match_keys(registry)
    try:
        terms.options(keys)
    except NotFound:
        asked, _, version = terms.key.partition("/")
        there = ", ".join(f"{one.name}/{one.version}" for one in keys.values())
        wrong = f"none of version {version}" if asked in keys else nearest(asked, list(keys))
        yield (
            f"{name}.catalog.matching.key: there is no match key {terms.key!r}; {wrong} (there are {there}; that of a "
            "plugin is there when the plugin is let in, by --plugin or --discover)"
        )
