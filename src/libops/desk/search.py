"""The search desk: find titles by words, numbers and headings, browse the shelf, say where an item is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from attrs import field, frozen

from libops.base.cards import html_card, html_grid
from libops.base.errors import BackendError, InvalidValue
from libops.base.ids import BibId
from libops.catalog.authorities import Authority, AuthorityForm, HeadingKind
from libops.catalog.model import BibIdentifier, BibRecord, MaterialType
from libops.catalog.search import BibText, SearchQuery, folded, parse_search
from libops.circulation.decide.hold_facts import ItemOfTitle
from libops.circulation.model import Loan, ReadyHold, Transit
from libops.desk.arguments import checked, checks_arguments
from libops.desk.catalog.merged_titles import survivors
from libops.desk.holders import Holders
from libops.desk.neighbors import ticket_on
from libops.desk.reads import Reads
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get, Match, Storage, Term

__all__ = ["Found", "Hit", "Place", "SearchDesk"]

FACETS = ("language", "material_type", "year")


def asked_rightly(wanted: Mapping[str, Any], limit: int, offset: int) -> None:
    """A facet with a slip in it finds nothing, which looks as if the library had nothing."""
    unknown = sorted(set(wanted) - set(FACETS))
    if unknown:
        raise InvalidValue(f"no facet {unknown[0]!r} to search by; there are {', '.join(FACETS)}")
    kinds = [kind.value for kind in MaterialType]
    if wanted.get("material_type", kinds[0]) not in kinds:
        raise InvalidValue(f"material_type {wanted['material_type']!r}: there are {', '.join(kinds)}")
    if limit < 1 or offset < 0:
        raise InvalidValue(f"limit {limit}, offset {offset}: ask for a hit or more, after none or more")


@frozen
class Place:
    """Where an item is: its library, shelf and call number, its state, and until when somebody has it.

    `status` is the item's circulation state in words; `due` is a time of the library's clock.
    """

    barcode: str
    library: str
    shelving_location: str
    call_number: str
    status: str
    due: datetime | None = None

    def __str__(self) -> str:
        shelf = " ".join(part for part in (self.library, self.shelving_location, self.call_number) if part)
        due = "" if self.due is None else f", due {self.due:%Y-%m-%d}"
        return f"{self.barcode}  {shelf}  {self.status}{due}".strip()


@frozen
class Hit:
    """A title that was found, and where its items are."""

    bib: BibRecord
    places: tuple[Place, ...] = ()

    def __str__(self) -> str:
        by = "  ".join(str(part) for part in (self.bib.author, self.bib.year) if part)
        return "\n  ".join(filter(None, (self.bib.title, by, *map(str, self.places))))


@frozen
class Found:
    """What a search found: a page of hits, how many there are in all, and how they spread.

    `counted_all` is False where only the first few thousand were counted.
    """

    hits: tuple[Hit, ...]
    total: int
    counted_all: bool = True
    facets: Mapping[str, Mapping[Any, int]] = field(factory=dict)

    def __str__(self) -> str:
        return "\n\n".join([self.counted, *map(str, self.hits)])

    @property
    def counted(self) -> str:
        """How many titles there are, in words."""
        return f"{self.total}{'' if self.counted_all else '+'} title{'' if self.total == 1 else 's'}"

    def _repr_html_(self) -> str:
        rows = [
            (hit.bib.title, hit.bib.author, hit.bib.year, "; ".join(map(str, hit.places)) or "no item")
            for hit in self.hits
        ]
        return html_card([html_grid(("title", "author", "year", "items"), rows)] if rows else [], heading=self.counted)


@checks_arguments()
class SearchDesk:
    """Search over what the public may see; with `staff=True` over everything.

    >>> import libops
    >>> from libops.testing.sample_library import sample_library
    >>> ops = libops.open()
    >>> sample_library(ops)
    >>> found = ops.search.find("histoire jazz")
    >>> found.counted, found.hits[0].bib.title
    ('1 title', 'Brève histoire du jazz')
    >>> {place.status for place in found.hits[0].places}
    {'available'}
    """

    def __init__(self, storage: Storage, zone: tzinfo, holders: Holders, *, finds_words: bool) -> None:
        self.storage = storage
        self.holders = holders
        self.zone = zone
        self.finds_words = finds_words
        self.texts = kind_of(BibText)

    def find(self, text: str, *, limit: int = 20, offset: int = 0, staff: bool = False, **wanted: Any) -> Found:
        """Find titles.

        Args:
            text: what was typed; see `libops.catalog.search.parse_search`. Nothing is a syntax error.
            limit: hits to a page.
            offset: hits to pass over.
            staff: also find suppressed records.
            wanted: facets that hits must have: `language="fre"`, `material_type="book"`, `year=1998`.

        Returns:
            The best hits first: an exact number, then a title that is exactly the words, then the rest.

        Raises:
            InvalidValue: there is no such facet or type of material, or fewer than no hits are asked for.
            BackendError: the store does not declare `full_text`.
        """
        if not self.finds_words:
            raise BackendError("this store keeps no index of words: search wants a backend that declares full_text")
        checked("text", text, str)
        asked_rightly(wanted, limit, offset)
        query, reads = parse_search(text), Reads(self.storage)
        equal = tuple(wanted.items()) if staff else (("visible", True), *wanted.items())
        exact, forms = self.known(query, reads)
        first = [] if offset else self.allowed(exact, equal, reads)
        ways = (tuple(Term(*term) for term in spread(query)), *self.headings(forms, reads))
        matches = self.storage.read([Match(self.texts, ways, equal, FACETS, limit, offset, records=False)])[0]
        keys = list(dict.fromkeys([*first, *matches.keys]))[:limit]
        total = max(matches.total, len(keys))
        return Found(self.hits(keys), total, matches.counted_all, matches.facets)

    def known(self, query: SearchQuery, reads: Reads) -> tuple[list[str], list[AuthorityForm]]:
        """What the words are by themselves, in one read.

        Records with the number that was typed, then those whose title is just the words; and forms of headings: as
        typed, and with the first word as a surname.
        """
        numbers = [Find(kind_of(BibIdentifier), "by_lookup", (number,)) for number in query.numbers]
        asked = [*numbers]
        if query.title:
            asked.append(Find(self.texts, "by_exact_title", (query.title,), limit=20))
            asked += [
                Find(kind_of(AuthorityForm), "by_lookup", (f"{kind.value}:{text}",), limit=5)
                for kind in HeadingKind
                for text in dict.fromkeys((query.title, inverted(query.title)))
            ]
        found = reads.load(*asked)
        exact, forms = found[: len(numbers) + 1], found[len(numbers) + 1 :]
        return [one.bib_id for each in exact for one in each], [form for each in forms for form in each]

    def headings(self, forms: list[AuthorityForm], reads: Reads) -> list[tuple[Term, ...]]:
        """The established headings that the words lead to: "Clemens, Samuel" also asks for "Twain, Mark"."""
        found = (reads.get(Authority, form.authority_id) for form in forms if not form.established)
        return [(Term(tuple(folded(one.heading).split())),) for one in found if one is not None]

    def allowed(self, keys: list[str], equal: tuple[tuple[str, Any], ...], reads: Reads) -> list[str]:
        """Those of the records that may be shown and have the values that are wanted."""
        texts = {key: reads.get(BibText, key) for key in keys}
        lost = [key for key, text in texts.items() if text is None]
        texts |= {one.id: reads.get(BibText, one.id) for one in survivors(reads, lost)}
        return [
            key
            for key, text in texts.items()
            if text is not None and all(getattr(text, name) == value for name, value in equal)
        ]

    def hits(self, keys: list[str]) -> tuple[Hit, ...]:
        """The titles, with where their items are, in two reads."""
        bibs, items = kind_of(BibRecord), kind_of(Item)
        rows = self.storage.read([query for key in keys for query in (Get(bibs, key), Find(items, "by_bib", (key,)))])
        found = [(bib.record, [row.record for row in shelf]) for bib, shelf in zip(rows[::2], rows[1::2], strict=True)]
        places = self.places([item for _, shelf in found for item in shelf if not item.suppressed])
        return tuple(Hit(bib, tuple(places[item.id] for item in shelf if not item.suppressed)) for bib, shelf in found)

    def places(self, items: list[Item]) -> dict[str, Place]:
        """Where each item is, by its identifier: what is open for it is read at once."""
        kinds = [kind_of(each) for each in (Loan, ReadyHold, Transit)]
        asked = [get for one in items for get in (*(Get(kind, one.id) for kind in kinds), ticket_on(one.id))]
        rows = [row.record for row in self.storage.read(asked)]
        opened = zip(items, rows[::4], rows[1::4], rows[2::4], rows[3::4], strict=True)
        return {
            item.id: self.placed(ItemOfTitle(item, loan, ready, transit, ticket is not None))
            for item, loan, ready, transit, ticket in opened
        }

    def placed(self, of: ItemOfTitle) -> Place:
        item, due = of.item, None if of.loan is None else of.loan.due
        return Place(
            item.barcode or "",
            item.holding_library,
            item.shelving_location,
            item.call_number,
            of.state.value.replace("_", " "),
            None if due is None else due.astimezone(self.zone),
        )

    def where(self, bib: str) -> tuple[Place, ...]:
        """Where each item of a title is, by the title's identifier; suppressed items are left out."""
        (hit,) = self.hits([BibId(bib)])
        return hit.places

    def shelf(self, item: str, *, around: int = 5) -> list[Item]:
        """The items that stand beside this one on its shelf, as a reader would browse: at most `around` on each side.

        `item` is a barcode or an identifier. It is among them, in its place; an item without a call number has no
        neighbors. Raises `NotFound` for an unknown item.
        """
        here = self.holders.item_or_raise(Reads(self.storage), item)
        if not here.shelf_key:
            return []
        place = (here.holding_library, here.shelving_location)
        before, after = self.storage.read(
            [
                Find(kind_of(Item), "by_shelf", place, None, here.shelf_key, descending=True, limit=around),
                Find(kind_of(Item), "by_shelf", place, here.shelf_key, None, limit=around + 1),
            ]
        )
        return [row.record for row in (*reversed(before), *after)]


def inverted(title: str) -> str:
    """The words as a personal name is filed: the first word is the surname, a comma follows it."""
    surname, _, rest = title.partition(" ")
    return f"{surname}, {rest}" if rest else title


def spread(query: SearchQuery) -> list[Any]:
    """The terms of a query as a store takes them; without any, the words that were typed."""
    return [(term.words, term.field, term.prefix, term.excluded) for term in query.terms]
