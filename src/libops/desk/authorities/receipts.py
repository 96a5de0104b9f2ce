"""What the authority desk hands over: what an act does to the catalog, and how far the titles have followed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from attrs import frozen

from libops.base.decisions import Reason
from libops.catalog.authorities import Authority, Effect, HeadingChange

__all__ = ["AuthorityReceipt", "HeadingReport", "Survey", "surveyed"]

LISTED = 50
"""Fields shown of a change; the others are counted."""


@frozen
class Survey:
    """What a change of headings would do to the catalog: the first fields, how many, and in which titles.

    `digest` is equal as long as the same fields would read the same.
    """

    effects: tuple[Effect, ...] = ()
    fields: int = 0
    bibs: tuple[str, ...] = ()
    digest: str = ""


def surveyed(effects: Iterable[Effect], *, listed: int = LISTED) -> Survey:
    """The survey of all effects, of which some are listed."""
    first: list[Effect] = []
    bibs: dict[str, None] = {}
    digest, count = hashlib.blake2b(digest_size=16), 0
    for effect in effects:
        count += 1
        bibs[effect.bib_id] = None
        digest.update(repr((effect.bib_id, effect.field_no, effect.field)).encode())
        if len(first) < listed:
            first.append(effect)
    return Survey(tuple(first), count, tuple(bibs), digest.hexdigest())


@frozen
class HeadingReport:
    """How far the titles followed: how many were looked at, changed, and left as they are because of an edit since.

    `finished` is False when there are more to do: call again, or leave them to the nightly run.
    """

    change: HeadingChange
    looked_at: int = 0
    changed: int = 0
    left: tuple[str, ...] = ()
    finished: bool = True

    def __str__(self) -> str:
        left = f", {len(self.left)} left as they are: edited since" if self.left else ""
        more = "" if self.finished else "; more are waiting"
        return f"{self.change.id}  {self.change.state.value}: {self.changed} titles changed{left}{more}"


@frozen
class AuthorityReceipt:
    """What was done to the authority file, and to the titles after it.

    `effects` are the first fields of titles that read otherwise, `fields` and `records` count all of them. `report` is
    None in a preview, whose `preview` is handed back to act on just that.
    """

    act: str
    authority: Authority | None
    change: HeadingChange | None = None
    effects: tuple[Effect, ...] = ()
    fields: int = 0
    records: int = 0
    report: HeadingReport | None = None
    alerts: tuple[Reason, ...] = ()
    preview: str = ""

    def __str__(self) -> str:
        about = "" if self.authority is None else f" {self.authority.id} {self.authority.heading}"
        rows = [f"  {one.bib_id} {one.tag}: {one.before} -> {one.after}" for one in self.effects]
        more = [f"  and {self.fields - len(rows)} more fields"] if self.fields > len(rows) else []
        head = f"{self.act}{about}: {self.fields} fields of {self.records} titles"
        return "\n".join([head, *rows, *more, *([str(self.report)] if self.report else [])])
