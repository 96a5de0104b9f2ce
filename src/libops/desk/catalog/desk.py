"""The cataloging desk: bibliographic records in, out, edited; files of MARC with their items."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.errors import NotFound
from libops.base.ids import BibId, LibraryCode
from libops.catalog import decide
from libops.catalog.decide import BibFacts
from libops.catalog.matching import MatchOptions
from libops.catalog.model import BibIdentifier, BibRecord, BibVersion, lookup_text
from libops.catalog.policy import CatalogPolicy
from libops.catalog.questions import OnDoubt, OnMatch
from libops.catalog.reasons import BIB_UNKNOWN
from libops.catalog.serials.model import Subscription
from libops.circulation.model import HoldPlace
from libops.desk.arguments import checks_arguments, word_of
from libops.desk.catalog.match_keys import match_keys
from libops.desk.catalog.match_questions import MatchQuestions
from libops.desk.catalog.merged_titles import survivor, survivors
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.items.mapping import ItemMapping
from libops.items.model import Item
from libops.storage.kinds import kind_of

if TYPE_CHECKING:
    from libops.catalog.authorities import HeadingResult
    from libops.catalog.matching import DuplicatePair, OverlayPolicy
    from libops.catalog.validation import Finding, Profile
    from libops.desk.authorities.desk import AuthorityDesk
    from libops.desk.authorities.imports import AuthorityReport
    from libops.desk.catalog.export import CatalogExport
    from libops.desk.catalog.imports import ImportReport
    from libops.desk.catalog.merging import MergeReceipt

__all__ = ["CatalogDesk"]

HOLDS_COUNTED = 1_000
"""Holds on a title are counted up to here: one is enough to keep its record."""


@checks_arguments()
class CatalogDesk:
    """Bibliographic records. `import_marc` takes files; acts return `Permit` with the record, or `Refuse`.

    `bib` is a record's identifier; an act on one that is not there is refused with `bib.unknown`, on one that is
    deleted with `bib.deleted`, or `bib.merged` if it was merged into another; looking raises `NotFound`.

    >>> import libops
    >>> from libops.testing.sample_library import sample_library
    >>> ops = libops.open()
    >>> sample_library(ops)
    >>> jazz = next(ops.catalog.all())
    >>> jazz.title
    'Brève histoire du jazz'
    >>> ops.catalog.suppress(jazz.id).result.visible
    False
    >>> print(*ops.catalog.delete(jazz.id).reasons)
    The record has 3 items. Delete them, or move them to another record, first.
    """

    def __init__(
        self,
        shell: Shell,
        library: LibraryCode,
        currency: str,
        policy: CatalogPolicy | None = None,
        mappings: Mapping[str, ItemMapping] | None = None,
        codes: Mapping[str, Container[str]] | None = None,
    ) -> None:
        self.shell = shell
        self.library = library
        self.currency = currency
        self.policy = CatalogPolicy() if policy is None else policy
        self.mappings = {} if mappings is None else mappings
        self.codes = {} if codes is None else codes
        """The codes of the settings that items may have, by field of the item."""
        self.questions = MatchQuestions(shell, library, currency, self.policy, self.options, self.mappings)

    def options(self) -> MatchOptions:
        """Where this library draws its lines when records are matched, with the match key that its settings name."""
        return self.policy.matching.options(match_keys(self.shell.registry))

    def get(self, bib: str) -> BibRecord:
        """The record with this identifier. Raises `NotFound`."""
        found = Reads(self.shell.storage).get(BibRecord, BibId(bib))
        if found is None:
            raise NotFound(f"no bibliographic record has the identifier {bib!r}")
        return found

    def current(self, bib: str) -> BibRecord:
        """The record that an identifier leads to now: the one it was merged into, else itself. Raises `NotFound`."""
        found = survivor(Reads(self.shell.storage), bib)
        if found is None:
            raise NotFound(f"no bibliographic record has the identifier {bib!r}")
        return found

    def by_number(self, scheme: str, value: str) -> list[BibRecord]:
        """Records with this number, in normal form: `isbn` (13 digits), `issn`, `lccn`, `oclc`, `control`.

        A deleted record is not found so; one that was merged into another leads to that. An empty list where no record
        has the number.
        """
        reads = Reads(self.shell.storage)
        found = reads.find(BibIdentifier, "by_lookup", lookup_text(scheme, value))
        return [bib for bib in survivors(reads, [one.bib_id for one in found]) if not bib.deleted]

    def all(self, *, page: int = 500) -> Iterator[BibRecord]:
        """Every record, suppressed and deleted ones too, by title, read so many at a time."""
        kind, after = kind_of(BibRecord), None
        while True:
            rows, after = self.shell.storage.scan(kind, "by_title", after=after, page=page)
            yield from (row.record for row in rows)
            if after is None:
                return

    def export(
        self,
        target: str | Path | BinaryIO,
        format: str = "",
        *,
        bibs: Iterable[str] | None = None,
        public: bool = False,
    ) -> CatalogExport:
        """Write records to a new file or a binary stream, a page at a time.

        Args:
            target: a path, or an open binary file.
            format: `marc` (ISO 2709), `marcxml`, `marc-json`, `mrk`, `mods`, `dc`, or one that a plugin brings as a
                format of kind `record`; left out, the end of the file's name says it.
            bibs: identifiers of the records to write; all that are not deleted when left out.
            public: only what the public may see.

        Returns:
            How many records were written, and which were left out because the format cannot hold them, with the reason.

        Raises `NotFound` for a format or record there is none of, `InvalidValue` for a file that is there already.
        """
        from libops.catalog.export_formats import export_format_for, export_formats
        from libops.desk.catalog.export import write_catalog

        formats = {**export_formats(), **self.shell.registry.formats_of("record")}
        place = Path(target) if isinstance(target, str) else target
        if format and format not in formats:
            raise NotFound(f"no record format {format!r}; there are {', '.join(formats)}")
        chosen = formats[format] if format else export_format_for(str(getattr(place, "name", "")), formats)
        found = self.all() if bibs is None else map(self.get, bibs)
        return write_catalog((bib for bib in found if (bib.visible if public else not bib.deleted)), place, chosen)

    def suppress(self, bib: str, *, hidden: bool = True, by: str = "desk") -> Decision[BibRecord]:
        """Hide a record from the public, or show it again with `hidden=False`. Its items have their own flags.

        Refused: `bib.unchanged` when it is so already.
        """
        return self.act(bib, lambda facts, at: decide.suppress(facts, hidden, at=at, by=by))

    def delete(self, bib: str, *, by: str = "desk", override: Override | None = None) -> Decision[BibRecord]:
        """Delete a record that has no items, leaving a trace: it is found by its identifier still.

        Refused: `bib.has_items`, `bib.has_subscription` while one is active, and `bib.has_holds`, which the right
        `catalog.delete_with_holds` lifts. What another desk adds at that moment refuses it too: the record is back
        then, as it was, and the log says that it was gone for a moment.
        """
        answer = self.act(bib, lambda facts, at: decide.delete(facts, at=at, by=by, override=override))
        if isinstance(answer, Refuse):
            return answer
        second = Errand(
            lambda reads: self.facts(reads, bib),
            lambda facts, at: decide.look_again(facts, at=at, by=by, override=override),
            lambda plan, facts, at, alerts: plan.refused,
        )
        seen = self.shell.act(second)
        return answer if isinstance(seen, Refuse) or seen.result is None else self.shell.in_words(seen.result)

    def restore(self, bib: str, *, by: str = "desk") -> Decision[BibRecord]:
        """Bring a deleted record back as it was: it is found by its words and numbers again, unless it is suppressed.

        Items and holds that it had are not brought back. A record that was merged into another does not come back,
        `bib.merged`: nothing tells its items and holds from those of the other any more. Refused: `bib.not_deleted`.
        """
        return self.act(bib, lambda facts, at: decide.restore(facts, at=at, by=by))

    def merge(
        self,
        keep: str,
        gone: str,
        *,
        take: Sequence[str] = (),
        by: str = "desk",
        preview: str = "",
        commit: bool = True,
    ) -> Decision[MergeReceipt]:
        """Make two records of one title one: all that hangs on the second goes over to the first, in one act.

        Items go with their loans and transits, holds with their places in the queue and what is set aside for them,
        subscriptions with their issues, holdings, and lists of what is not weeded. A patron who waits for both titles
        keeps one place, the earlier; the other hold is cancelled, and the alerts say whose (`hold.one_place`). The
        history of ended loans and holds keeps the identifier it was written with, which leads to the first record.

        Args:
            keep: the record that stays, with its MARC as it is.
            gone: the record that goes. It stays as a trace: its identifier (`current`), its numbers (`by_number`, the
                search, a record that arrives in a file) and holds placed on it lead to the first.
            take: fields of the second that the first gets where it lacks them, such as `("020", "6XX", "856")`; none
                when left out. The earlier version of the first is kept then (`revert`).
            by: who does it, for the log.
            preview: the `preview` of an earlier preview.
            commit: False only says what would happen.

        Refused: `bib.same`, `bib.unknown`, `bib.deleted`, `bib.merged`. It cannot be undone: `restore` says why not.
        Raises `InvalidValue` for what is no field in `take`.
        """
        from libops.desk.catalog.merging import Merging

        merging = Merging(self.shell, keep, gone, take, self.options(), by)
        return merging.run(preview=preview, commit=commit)

    def preview_merge(self, keep: str, gone: str, **asked: Any) -> Decision[MergeReceipt]:
        """What `merge` would do; its `preview` is handed back to do just that."""
        return self.merge(keep, gone, **asked, commit=False)

    def versions(self, bib: str) -> list[BibVersion]:
        """The earlier versions of a record, latest first: what an import, an edit or a changed heading has replaced."""
        self.get(bib)
        found = Reads(self.shell.storage).find(BibVersion, "by_bib", bib)
        return sorted(found, key=lambda one: (one.replaced_at, one.id), reverse=True)

    def revert(self, bib: str, version: str, *, by: str = "desk") -> Decision[BibRecord]:
        """Bring an earlier version back; the one it replaces is kept in turn, so this too can be undone.

        `version` is the identifier of one of `versions`. Refused: `bib.version_unknown`, `bib.unchanged`.
        """

        def ask(facts: BibFacts, at: datetime) -> Decision[Any]:
            earlier = Reads(self.shell.storage).get(BibVersion, version)
            return decide.revert(facts, earlier, at=at, by=by, version_id=self.shell.ids(), asked=version)

        return self.act(bib, ask)

    def validate(self, what: str | BibRecord | Path | BinaryIO, profile: Profile | str = "") -> Iterator[Finding]:
        """What the standard and a profile say of a record (or its identifier), or of each record of a file.

        `profile` is one of the settings, or the name of a shipped one: `minimal`, `full`, `shared-print`; left out, the
        one that the settings name. Nothing is changed. Raises `NotFound` for a record, file or profile that is not
        there.
        """
        from libops.desk.catalog.checks import findings_about

        asked = self.policy.profile(profile) if isinstance(profile, str) else profile
        return findings_about(self.get(what) if isinstance(what, str) else what, asked)

    def duplicates(self, options: MatchOptions | None = None) -> Iterator[DuplicatePair]:
        """The pairs of records that are or may be one edition, with what agrees and what speaks against.

        `options` draw the lines; those of the settings when left out. Nothing is changed.
        """
        from libops.catalog.matching import duplicates

        return duplicates(self.all(), self.options() if options is None else options)

    @cached_property
    def authorities(self) -> AuthorityDesk:
        """Authority records, and the headings that follow them."""
        from libops.desk.authorities.desk import AuthorityDesk

        return AuthorityDesk(self.shell, self)

    def import_authorities(
        self, source: str | Path | BinaryIO, *, by: str = "import", dry_run: bool = False
    ) -> AuthorityReport:
        """Bring in a file of authority records; one whose number is known takes the place of the earlier one.

        `source` is a path, or an open binary file, of ISO 2709 or MARCXML records. The report lists the fields of the
        catalog that a changed heading touches; with `dry_run` nothing is written, so that they are seen before the
        change. The titles follow when a cataloger says so (`authorities.waiting`, `authorities.apply`). A second
        authority with an established heading is rejected with the reason. Raises `NotFound` for a file that is not
        there.
        """
        from libops.desk.authorities.imports import AuthorityImporter, Headings

        return AuthorityImporter(self.shell, by, lambda: Headings(self.all()), dry_run=dry_run).run(source)

    def unauthorized(self) -> Iterator[tuple[str, HeadingResult]]:
        """The headings no authority knows, or more than one: identifier of the record, and the heading.

        Headings are compared by the NACO rules (Library of Congress, Authority File Comparison Rules).
        """
        from libops.catalog.authorities import AuthorityFile, unauthorized
        from libops.desk.authorities.imports import all_authorities

        kept = (bib for bib in self.all() if not bib.deleted)
        return unauthorized(kept, AuthorityFile(all_authorities(self.shell)))

    def import_marc(
        self,
        source: str | Path | BinaryIO,
        *,
        mapping: str = "",
        item_type: str = "",
        on_match: OnMatch | str | None = None,
        on_doubt: OnDoubt | str | None = None,
        overlay: OverlayPolicy | None = None,
        by: str = "import",
        dry_run: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> ImportReport:
        """Bring in a file of MARC records with their items. Nothing in the file stops the import.

        Args:
            source: a path, or an open binary file, of ISO 2709 or MARCXML records.
            mapping: the item mapping, `marc-852` or `koha-952` or another shipped name, or one of the settings; found
                out when left out.
            item_type: for items whose record does not name a type.
            on_match: what becomes of a record that the catalog has, with other content: `overlay`, `skip` or `add`;
                as the settings say when left out.
            on_doubt: what becomes of one that it may have: `ask` (it waits in `ops.catalog.questions`) or `add`; as the
                settings say when left out.
            overlay: which fields of the record in the catalog an overlay keeps; as the settings say when left out.
            by: who does it, for the log.
            dry_run: read and report what would be matched and why; write nothing.
            progress: told how many bytes are done, of how many (0 when that is not known).

        Returns:
            What became of each record, with its number, place and reason; `report.rejects` are the bytes of those
            that could not be read.

        Raises `InvalidValue` for an `on_match` that is none, `NotFound` for a file that is not there.
        """
        from libops.desk.catalog.imports import Importer, ImportTerms

        policy = self.policy
        terms = ImportTerms(
            library=self.library,
            currency=self.currency,
            mapping=mapping,
            mappings=self.mappings,
            item_type=item_type,
            codes=self.codes,
            on_match=policy.on_match if on_match is None else word_of(OnMatch, on_match, "on_match"),
            on_doubt=policy.on_doubt if on_doubt is None else word_of(OnDoubt, on_doubt, "on_doubt"),
            overlay=policy.overlay if overlay is None else overlay,
            options=self.options(),
        )
        return Importer(self.shell, terms, by, dry_run=dry_run).run(source, progress)

    def act(self, bib: str, ask: Callable[[BibFacts, datetime], Any]) -> Decision[BibRecord]:
        def receive(plan: Any, facts: BibFacts, at: datetime, alerts: tuple[Reason, ...]) -> BibRecord:
            bib_record: BibRecord = plan[0].bib
            return bib_record

        return self.shell.act(Errand(lambda reads: self.facts(reads, bib), ask, receive))

    def facts(self, reads: Reads, bib: str) -> BibFacts | Refuse:
        found = reads.get(BibRecord, BibId(bib))
        if found is None:
            return Refuse((BIB_UNKNOWN(bib=bib),))
        holds = {place.hold_id for place in reads.find(HoldPlace, "by_bib", bib, limit=HOLDS_COUNTED)}
        subscriptions = [one for one in reads.find(Subscription, "by_bib", bib) if one.active]
        return BibFacts(found, len(reads.find(Item, "by_bib", bib)), len(holds), len(subscriptions))
