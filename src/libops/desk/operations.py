"""`Operations`: a library at work, and `open`, which opens one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.ids import IdSource, LibraryCode
from libops.circulation.model import PolicyVersion
from libops.desk.announcer import Announcer, Delivery
from libops.desk.bookings import BookingDesk
from libops.desk.catalog import CatalogDesk
from libops.desk.circulation import CirculationDesk
from libops.desk.closings import ClosingDesk
from libops.desk.devices import DeviceDesk
from libops.desk.equipment import EquipmentDesk
from libops.desk.event_log import EventLog
from libops.desk.fees import FeeDesk
from libops.desk.holders import Holders
from libops.desk.holds import HoldDesk
from libops.desk.in_house import InHouseDesk
from libops.desk.inventory import InventoryDesk
from libops.desk.items import ItemDesk
from libops.desk.labels import LabelDesk
from libops.desk.library_calendars import LibraryCalendars
from libops.desk.loan_sweeps import LoanSweeps
from libops.desk.losses import LossDesk
from libops.desk.neighbors import Neighbors
from libops.desk.notice_book import NoticeBook
from libops.desk.notice_planning import NoticePlanner
from libops.desk.notices import NoticeDesk
from libops.desk.patrons import PatronDesk
from libops.desk.privacy import PrivacyDesk, forgets_at_once
from libops.desk.processing import ProcessingDesk
from libops.desk.reads import Reads
from libops.desk.search import SearchDesk
from libops.desk.settings import Settings, default_settings, load_settings
from libops.desk.shell import EARLIEST, Shell
from libops.desk.shelves import Shelves
from libops.desk.sources import id_source, now
from libops.desk.stores import joined_store, own_store
from libops.desk.sweeps import Progress, RunReport
from libops.desk.transits import TransitDesk
from libops.desk.words import Words
from libops.hooks.loader import load
from libops.hooks.registry import PluginReport, Registry
from libops.storage.port import Storage

if TYPE_CHECKING:
    from libops.desk.contention import Contention
    from libops.desk.export import ExportReport
    from libops.desk.restore import RestoreReport
    from libops.desk.serials import SerialsDesk

__all__ = ["Operations", "open"]

NO_OPTIONS: Mapping[str, Mapping[str, Any]] = {}


class Operations:
    """A library at work: one part for each room, over one store. Made by `libops.open`; usable in a `with`."""

    def __init__(
        self,
        storage: Storage,
        settings: Settings,
        registry: Registry,
        *,
        clock: Callable[[], datetime],
        ids: IdSource,
        library: LibraryCode,
        language: str,
        channels: Mapping[str, str],
        channel_options: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self.storage = storage
        self.settings = settings
        self.registry = registry
        self.clock = clock
        self.library = library
        calendars = LibraryCalendars(storage, settings.calendars)
        self.book = evolve(settings.book, calendars=calendars.current)
        words = Words(language, settings.calendar_of(library).zone_info)
        channels = {**settings.file.channels, **channels}
        channel_options = {**settings.file.channel_options, **channel_options}
        self.announcer = Announcer(storage, registry, clock, channels, channel_options)
        self.shell = Shell(
            storage=storage,
            registry=registry,
            clock=clock,
            ids=ids,
            words=words,
            announcer=self.announcer,
            calendars=calendars,
        )
        self.shell.filing = settings.file.filing
        self.shell.governing = PolicyVersion(settings.version, settings.canonical_text(), clock())
        self.holders = Holders(settings.looks_like)
        self.planner = NoticePlanner(storage, self.book, NoticeBook.of(settings, registry, language))
        self.announcer.refresh = self.planner.refresh
        if settings.file.notice_policies:
            self.shell.upon = self.planner.upon
        if forgets_at_once(settings.file.privacy):
            self.shell.after = lambda events: self.privacy.upon(events)

    def settings_at(self, version: str) -> Settings:
        """The settings of a version that a loan names (`loan.policy`), as they were. Raises `NotFound`."""
        if version == self.settings.version:
            return self.settings
        found = Reads(self.storage).get(PolicyVersion, version)
        if found is None:
            raise NotFound(f"no settings of version {version!r} were ever used in this store")
        return load_settings(json.loads(found.text))

    @cached_property
    def circulation(self) -> CirculationDesk:
        """Check-out, check-in, renewal."""
        neighbors = Neighbors(self.clock, self.settings.file.processing)
        return CirculationDesk(self.shell, self.book, self.library, self.holders, neighbors, lambda: self.equipment)

    @cached_property
    def holds(self) -> HoldDesk:
        """Holds and recalls."""
        return HoldDesk(self.shell, self.book, self.library, self.holders, self.settings.pickup_libraries)

    @cached_property
    def transits(self) -> TransitDesk:
        """Items between libraries."""
        return TransitDesk(self.shell, self.book, self.library, self.holders)

    @cached_property
    def losses(self) -> LossDesk:
        """Lost items and claims of return."""
        return LossDesk(self.shell, self.book, self.library, self.circulation.facts, lambda: self.circulation)

    @cached_property
    def loan_sweeps(self) -> LoanSweeps:
        """Automatic renewals, aging to lost, charges put off."""
        return LoanSweeps(self.shell, self.book, self.circulation, self.losses)

    @cached_property
    def in_house(self) -> InHouseDesk:
        """Use in the house without a patron."""
        return InHouseDesk(self.shell, self.book, self.library, self.holders)

    @cached_property
    def closings(self) -> ClosingDesk:
        """Closings that the library announces."""
        return ClosingDesk(self.shell, self.book, self.settings.file.bookings, self.bookings)

    @cached_property
    def privacy(self) -> PrivacyDesk:
        """Loan history, export and erasure."""
        return PrivacyDesk(self.shell, self.settings.file.privacy, self.patrons)

    @cached_property
    def patrons(self) -> PatronDesk:
        """Patrons, their cards and blocks."""
        return PatronDesk(self.shell, self.library, self.settings.file.patron_categories, self.holders)

    @cached_property
    def items(self) -> ItemDesk:
        """Items of titles."""
        return ItemDesk(self.shell, self.library, self.holders)

    @cached_property
    def catalog(self) -> CatalogDesk:
        """Bibliographic records, and files of them."""
        settings = self.settings
        return CatalogDesk(self.shell, self.library, settings.currency, settings.file.catalog, settings.item_mappings)

    @cached_property
    def fees(self) -> FeeDesk:
        """Charges, payments, waivers."""
        return FeeDesk(self.shell, self.book, self.library, self.holders)

    @cached_property
    def equipment(self) -> EquipmentDesk:
        """The register of equipment, and tickets."""
        return EquipmentDesk(self.shell, self.book, self.settings.file.equipment, self.library, self.holders)

    @cached_property
    def devices(self) -> DeviceDesk:
        """Scanners, printers and gates, whose errors open their ticket by themselves."""
        return DeviceDesk(self.registry, self.settings.file.devices, lambda: self.equipment)

    @cached_property
    def search(self) -> SearchDesk:
        """Titles by words and numbers, and where their items are."""
        return SearchDesk(self.storage)

    @cached_property
    def bookings(self) -> BookingDesk:
        """Rooms, machines and equipment by time slot; makerspace jobs."""
        file = self.settings.file
        return BookingDesk(self.shell, self.book, file.bookings, file.job_terms, self.library, self.holders)

    @cached_property
    def inventory(self) -> InventoryDesk:
        """Stocktakes, shelf reading, weeding, displays, rotations."""
        file = self.settings.file
        shelves = Shelves(self.storage, file.processing)
        return InventoryDesk(self.shell, file.inventory, self.library, self.holders, shelves, self.circulation)

    @cached_property
    def processing(self) -> ProcessingDesk:
        """New material on its way to the shelf; the settings need a table `processing`."""
        return ProcessingDesk(self.shell, self.book, self.settings.file.processing, self.library, self.holders)

    @cached_property
    def labels(self) -> LabelDesk:
        """Labels of items and patron cards, on sheets."""
        return LabelDesk(
            self.shell,
            self.registry,
            self.holders,
            self.library,
            self.library_name,
            self.settings.file.labels,
            lambda: self.devices,
        )

    @cached_property
    def serials(self) -> SerialsDesk:
        """Subscriptions, and their issues as they come."""
        from libops.desk.serials import SerialsDesk

        return SerialsDesk(self.shell, self.book, self.library, self.items, self.library_name)

    def library_name(self, code: LibraryCode) -> str:
        """The name of a library of the settings; its code where they do not know it."""
        library = self.settings.file.libraries.get(code)
        return str(code) if library is None else library.name

    @cached_property
    def notices(self) -> NoticeDesk:
        """Messages to patrons, and the outbox."""
        return NoticeDesk(self.shell, self.announcer, self.holders, self.planner)

    @cached_property
    def events(self) -> EventLog:
        """The log of all that happened."""
        return EventLog(self.storage)

    @property
    def plugins(self) -> list[PluginReport]:
        """What became of each plugin."""
        return self.registry.reports

    @property
    def contention(self) -> Contention:
        """How often other desks were faster, since this library was opened."""
        from libops.desk.contention import contention

        return contention(self.shell)

    def run_due(
        self, now: datetime | None = None, *, progress: Progress | None = None, only: Sequence[str] = ()
    ) -> RunReport:
        """Do all that time brings: fines, reminders, notices and what else the settings ask for. Run it once a day.

        It may be interrupted at any point and run again, twice, or on two machines at once: everything is done once.

        Args:
            now: the time to bring everything up to; the clock's when left out.
            progress: told the name of each step and how many records it has looked at.
            only: the names of the steps to do; all when left out.

        Returns:
            What each step did, and what became of the messages.
        """
        from libops.desk.sweeps import run_due

        return run_due(self, self.clock() if now is None else now, progress=progress, only=only)

    def announce(self) -> Delivery:
        """Joined to a host's transaction: it has committed, tell observers and channels.

        Messages that went out are taken from the outbox, which is a write: call it inside a transaction of yours.
        After a rollback call `forget`, or simply drop these operations.
        """
        return self.announcer.announce_pending()

    def forget(self) -> None:
        """Joined to a host's transaction: it was rolled back, announce nothing of it."""
        self.announcer.forget_pending()
        self.shell.look_again_at = EARLIEST

    def export(self, folder: str | Path) -> ExportReport:
        """Write everything into a new folder: JSON lines, MARCXML, CSV; see `libops.desk.export`."""
        from libops.desk.export import export

        return export(self.storage, folder, at=self.clock(), settings=self.settings.version)

    def restore(self, folder: str | Path, *, dry_run: bool = False) -> RestoreReport:
        """Read an export into this library, whose store must be empty, or go on where a restore of it was interrupted;
        see `libops.desk.restore`."""
        from libops.desk.restore import restore

        return restore(self.storage, folder, dry_run=dry_run)

    def close(self) -> None:
        """Let go of channels, files and connections."""
        self.announcer.close()
        self.storage.close()

    def __enter__(self) -> Operations:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open(
    url: str = "memory:",
    *,
    settings: Settings | Mapping[str, Any] | str | Path | None = None,
    join: Any = None,
    library: str | None = None,
    plugins: Sequence[Any] = (),
    discover: bool = False,
    clock: Callable[[], datetime] = now,
    ids: IdSource | None = None,
    durability: str = "full",
    restoring: bool = False,
    language: str = "en",
    channels: Mapping[str, str] | None = None,
    channel_options: Mapping[str, Mapping[str, Any]] = NO_OPTIONS,
) -> Operations:
    """Open a library.

    Args:
        url: where its records are kept: `memory:`, `sqlite:///town.db`, or a scheme that a plugin brings.
        settings: a TOML file, a dictionary, or settings read before; a small town library when left out.
        join: a connection of the host's (of sqlite3, psycopg, SQLAlchemy or Django, or a SQLAlchemy session), whose
            transaction stays the host's; in place of `url`.
        library: which library of the settings this desk stands in; the first when left out.
        plugins: plugins to let in, as modules, objects or import paths.
        discover: also let in every installed plugin.
        clock: returns the time in UTC; the system's clock when left out.
        ids: makes identifiers; from clock and randomness when left out.
        durability: `full` (a committed loan survives a power cut) or `normal` (it survives a crash of the program).
        restoring: to restore an export into it: let in what an interrupted restore left.
        language: of the words in reasons: `en`, `de`, `fr`, `es`.
        channels: which channel carries which kind of message: `{"email": "mbox"}`.
        channel_options: options of each channel, by its name.

    Returns:
        The operations. Close them, or use them in a `with`.

    Raises:
        SettingsError: the settings cannot be used; all problems are listed.
        NotFound: no backend answers to the URL, or no such library.
        SchemaMismatch: the store is damaged, half restored, another program's, or of a newer version.

    >>> import libops
    >>> with libops.open() as ops:
    ...     libops.Refuse is type(ops.circulation.check_out(patron="21234000000017", item="31234000000013"))
    True
    """
    if settings is None:
        settings = default_settings()
    elif not isinstance(settings, Settings):
        settings = load_settings(settings)
    registry = load(plugins, discover=discover)
    place = settings.library_named(library)
    if join is not None:
        storage = joined_store(registry, join, restoring=restoring)
    else:
        storage = own_store(registry, url, durability, restoring=restoring)
    return Operations(
        storage,
        settings,
        registry,
        clock=clock,
        ids=id_source(clock) if ids is None else ids,
        library=place,
        language=language,
        channels={} if channels is None else channels,
        channel_options=channel_options,
    )
