"""Reading the authority file, the queue of headings, and the changes that titles are to follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from libops.base.errors import NotFound
from libops.catalog.authorities import (
    Authority,
    AuthorityForm,
    HeadingChange,
    HeadingChangeState,
    HeadingKind,
    HeadingResult,
    one_way_relations,
)
from libops.catalog.authorities.follow import names
from libops.catalog.naco import normalized
from libops.desk.authorities.heading_changes import HeadingChanges
from libops.desk.authorities.imports import all_authorities
from libops.desk.reads import Reads
from libops.desk.shell import Shell

if TYPE_CHECKING:
    from libops.desk.catalog.desk import CatalogDesk

__all__ = ["AuthorityReads"]


class AuthorityReads:
    """What can be asked about authorities and headings."""

    def __init__(self, shell: Shell, catalog: CatalogDesk) -> None:
        self.shell = shell
        self.catalog = catalog
        self.changes = HeadingChanges(shell, catalog)

    def get(self, authority: str) -> Authority:
        """The authority with this identifier. Raises `NotFound`."""
        found = Reads(self.shell.storage).get(Authority, authority)
        if found is None:
            raise NotFound(f"no authority has the identifier {authority!r}")
        return found

    def all(self) -> Iterator[Authority]:
        """Every authority, by heading."""
        return all_authorities(self.shell)

    def find(self, text: str) -> list[Authority]:
        """The authorities of this heading, of a form that leads to it, or of this number; those of the heading first.

        Case, accents and punctuation do not count.
        """
        reads = Reads(self.shell.storage)
        form = normalized(text)
        forms = [one for kind in HeadingKind for one in reads.find(AuthorityForm, "by_lookup", f"{kind.value}:{form}")]
        ids = [one.authority_id for one in sorted(forms, key=lambda one: not one.established)]
        ids += [one.id for one in reads.find(Authority, "by_number", text)]
        return [one for id in dict.fromkeys(ids) if (one := reads.get(Authority, id)) is not None]

    def titles_of(self, authority: str) -> list[str]:
        """Identifiers of the titles whose headings name an authority, found by the index of headings."""
        found = self.get(authority)
        return list(names(self.changes.uses.titles((found,)), found))

    def queue(self) -> Iterator[tuple[str, HeadingResult]]:
        """The headings that no authority knows, or more than one: a person decides."""
        return self.catalog.unauthorized()

    def one_way_relations(self) -> Iterator[tuple[str, str]]:
        """See-also headings told from one side only: identifier of the authority, and the heading that does not name
        it back as broader or narrower."""
        return one_way_relations(self.all())

    def waiting(self) -> list[HeadingChange]:
        """Changes that came in a file and wait for a cataloger to say whether the titles follow, the earliest first."""
        return self.changes.standing(HeadingChangeState.WAITING)

    def unfinished(self) -> list[HeadingChange]:
        """Changes that not all titles have followed yet."""
        return self.changes.unfinished()

    def change_of(self, change: str) -> HeadingChange:
        """The change of headings with this identifier. Raises `NotFound`."""
        found = Reads(self.shell.storage).get(HeadingChange, change)
        if found is None:
            raise NotFound(f"no change of headings has the identifier {change!r}")
        return found
