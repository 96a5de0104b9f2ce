"""`Operations`: a library at work."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping, Sequence
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
from libops.desk.calls import tells_parts
from libops.desk.holders import Holders
from libops.desk.library_calendars import LibraryCalendars
from libops.desk.reads import Reads
from libops.desk.settings.loading import Settings, load_settings
from libops.desk.shell import EARLIEST, Shell
from libops.desk.words import Words
from libops.hooks.registry import PluginReport, Registry
from libops.storage.port import Storage

if TYPE_CHECKING:
    from libops.desk.bookings.desk import BookingDesk
    from libops.desk.catalog.desk import CatalogDesk
    from libops.desk.circulation.closings import ClosingDesk
    from libops.desk.circulation.desk import CirculationDesk
    from libops.desk.circulation.in_house import InHouseDesk
    from libops.desk.circulation.losses import LossDesk
    from libops.desk.circulation.sweeps import LoanSweeps
    from libops.desk.circulation.transits import TransitDesk
    from libops.desk.contention import Contention
    from libops.desk.devices import DeviceDesk
    from libops.desk.equipment.desk import EquipmentDesk
    from libops.desk.event_log import EventLog
    from libops.desk.fees.desk import FeeDesk
    from libops.desk.holds.desk import HoldDesk
    from libops.desk.inventory.desk import InventoryDesk
    from libops.desk.items import ItemDesk
    from libops.desk.labels import LabelDesk
    from libops.desk.moving.export import ExportReport
    from libops.desk.moving.restore import RestoreReport
    from libops.desk.notices.desk import NoticeDesk
    from libops.desk.notices.planning import NoticePlanner
    from libops.desk.patrons import PatronDesk
    from libops.desk.privacy.desk import PrivacyDesk
    from libops.desk.processing import ProcessingDesk
    from libops.desk.search import SearchDesk
    from libops.desk.serials.desk import SerialsDesk
    from libops.desk.sweeps import Progress, RunReport

__all__ = ["Operations"]


@tells_parts
class Operations:
    """A library at work: one part for each room, over one store. Made by `libops.open`; usable in a `with`.

    >>> import libops
    >>> from libops.testing.sample_library import ITEMS, PATRONS, sample_library
    >>> with libops.open() as ops:
    ...     sample_library(ops)
    ...     print(ops.circulation.check_out(patron=PATRONS[0][0], item=ITEMS[0][0]).result.title)
    Brève histoire du jazz
    """

    def __init__(
        self,
        storage: Storage,
        settings: Settings,
        registry: Registry,
        *,
        finds_words: bool,
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
        self.finds_words = finds_words
        self.clock = clock
        lending, self.library = settings.lending, library
        calendars = LibraryCalendars(storage, settings.calendars)
        self.book = evolve(settings.book, calendars=calendars.current, as_announced=calendars.as_announced)
        words = Words(language, settings.calendar_of(library).zone_info)
        channels = {**lending.channels, **channels}
        channel_options = {**lending.channel_options, **channel_options}
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
        self.shell.filing = lending.filing
        self.shell.governing = PolicyVersion(settings.version, settings.canonical_text(), clock())
        self.holders = Holders(settings.looks_like)
        self.language = language
        self.announcer.refresh = lambda entry, at: self.planner.refresh(entry, at)
        self.announcer.may_go = lambda entry, at: self.planner.may_go(entry, at)
        if not lending.alone and (settings.file.notice_policies or settings.file.notice_templates):
            # Here, so that a faulty template stops the opening and not a message.
            self.shell.upon = self.planner.upon
        if lending.privacy.forgets_at_once:
            self.shell.after = lambda events: self.privacy.upon(events)

    def __repr__(self) -> str:
        name = self.settings.lending.libraries[self.library].name
        return f"<Operations at {self.library}, {name!r}, settings {self.settings.version}>"

    def __dir__(self) -> list[str]:
        """The parts and acts, for who looks around with the tab key; not what they are made with."""
        told = [name for name, each in vars(type(self)).items() if not name.startswith("_") and each.__doc__]
        return ["library", "settings", *told]

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
        from libops.desk.circulation.desk import CirculationDesk
        from libops.desk.neighbors import Neighbors

        neighbors = Neighbors(self.clock, self.settings.processing)
        return CirculationDesk(self.shell, self.book, self.library, self.holders, neighbors, lambda: self.equipment)

    @cached_property
    def holds(self) -> HoldDesk:
        """Holds and recalls."""
        from libops.desk.holds.desk import HoldDesk

        return HoldDesk(self.shell, self.book, self.library, self.holders, self.settings.pickup_libraries)

    @cached_property
    def transits(self) -> TransitDesk:
        """Items between libraries."""
        from libops.desk.circulation.transits import TransitDesk

        return TransitDesk(self.shell, self.book, self.library, self.holders)

    @cached_property
    def losses(self) -> LossDesk:
        """Lost items and claims of return."""
        from libops.desk.circulation.losses import LossDesk

        return LossDesk(self.shell, self.book, self.library, self.circulation.facts, lambda: self.circulation)

    @cached_property
    def loan_sweeps(self) -> LoanSweeps:
        """Automatic renewals, aging to lost, charges put off."""
        from libops.desk.circulation.sweeps import LoanSweeps

        return LoanSweeps(self.shell, self.book, self.circulation, self.losses)

    @cached_property
    def in_house(self) -> InHouseDesk:
        """Use in the house without a patron."""
        from libops.desk.circulation.in_house import InHouseDesk

        return InHouseDesk(self.shell, self.book, self.library, self.holders)

    @cached_property
    def closings(self) -> ClosingDesk:
        """Closings that the library announces."""
        from libops.desk.circulation.closings import ClosingDesk

        return ClosingDesk(self.shell, self.book, self.settings.file.bookings, self.bookings)

    @cached_property
    def privacy(self) -> PrivacyDesk:
        """Loan history, export and erasure."""
        from libops.desk.privacy.desk import PrivacyDesk

        zone = self.settings.calendar_of(self.library).zone_info
        return PrivacyDesk(self.shell, self.settings.lending.privacy, zone, self.patrons)

    @cached_property
    def patrons(self) -> PatronDesk:
        """Patrons, their cards and blocks."""
        from libops.desk.patrons import PatronDesk

        settings = self.settings
        return PatronDesk(self.shell, self.library, settings.lending.patron_categories, self.holders, settings.currency)

    @cached_property
    def items(self) -> ItemDesk:
        """Items of titles."""
        from libops.desk.items import ItemDesk

        return ItemDesk(self.shell, self.library, self.holders, self.settings.file.item_types)

    @cached_property
    def catalog(self) -> CatalogDesk:
        """Bibliographic records, and files of them."""
        from libops.desk.catalog.desk import CatalogDesk

        settings, file = self.settings, self.settings.file
        libraries = file.libraries
        codes: dict[str, Container[str]] = {"home_library": libraries, "holding_library": libraries}
        codes["item_type"] = file.item_types
        return CatalogDesk(self.shell, self.library, settings.currency, file.catalog, settings.item_mappings, codes)

    @cached_property
    def fees(self) -> FeeDesk:
        """Charges, payments, waivers."""
        from libops.desk.fees.desk import FeeDesk

        return FeeDesk(self.shell, self.book, self.library, self.holders)

    @cached_property
    def equipment(self) -> EquipmentDesk:
        """The register of equipment, and tickets."""
        from libops.desk.equipment.desk import EquipmentDesk

        return EquipmentDesk(self.shell, self.book, self.settings.file.equipment, self.library, self.holders)

    @cached_property
    def devices(self) -> DeviceDesk:
        """Scanners, printers and gates, whose errors open their ticket by themselves."""
        from libops.desk.devices import DeviceDesk

        return DeviceDesk(self.registry, self.settings.lending.devices, lambda: self.equipment)

    @cached_property
    def search(self) -> SearchDesk:
        """Titles by words and numbers, and where their items are."""
        from libops.desk.search import SearchDesk

        zone = self.settings.calendar_of(self.library).zone_info
        return SearchDesk(self.storage, zone, self.holders, finds_words=self.finds_words)

    @cached_property
    def bookings(self) -> BookingDesk:
        """Rooms, machines and equipment by time slot; makerspace jobs."""
        from libops.desk.bookings.desk import BookingDesk

        file = self.settings.file
        return BookingDesk(self.shell, self.book, file.bookings, file.job_terms, self.library, self.holders)

    @cached_property
    def inventory(self) -> InventoryDesk:
        """Stocktakes, shelf reading, weeding, displays, rotations."""
        from libops.desk.inventory.desk import InventoryDesk
        from libops.desk.inventory.shelves import Shelves

        file = self.settings.file
        shelves = Shelves(self.storage, file.processing)
        return InventoryDesk(self.shell, file.inventory, self.library, self.holders, shelves, self.circulation)

    @cached_property
    def processing(self) -> ProcessingDesk:
        """New material on its way to the shelf; the settings need a table `processing`."""
        from libops.desk.processing import ProcessingDesk

        return ProcessingDesk(self.shell, self.book, self.settings.file.processing, self.library, self.holders)

    @cached_property
    def labels(self) -> LabelDesk:
        """Labels of items and patron cards, on sheets."""
        from libops.desk.labels import LabelDesk

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
        from libops.desk.serials.desk import SerialsDesk

        return SerialsDesk(self.shell, self.book, self.library, self.items, self.library_name)

    @cached_property
    def planner(self) -> NoticePlanner:
        """What turns acts and times into messages."""
        from libops.desk.notices.book import NoticeBook
        from libops.desk.notices.planning import NoticePlanner

        return NoticePlanner(self.storage, self.book, NoticeBook.of(self.settings, self.registry, self.language))

    def library_name(self, code: LibraryCode) -> str:
        """The name of a library of the settings; its code where they do not know it."""
        library = self.settings.lending.libraries.get(code)
        return str(code) if library is None else library.name

    @cached_property
    def notices(self) -> NoticeDesk:
        """Messages to patrons, and the outbox."""
        from libops.desk.notices.desk import NoticeDesk

        return NoticeDesk(self.shell, self.announcer, self.holders, self.planner)

    @cached_property
    def events(self) -> EventLog:
        """The log of all that happened."""
        from libops.desk.event_log import EventLog

        return EventLog(self.storage, self.settings.calendar_of(self.library).zone_info)

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

        Raises:
            InvalidValue: `only` names a step that there is not; nothing was done.
        """
        from libops.desk.arguments import checked
        from libops.desk.sweeps import run_due

        checked("now", now, datetime | None)
        checked("only", only, Sequence[str])
        return run_due(self, self.clock() if now is None else now, progress=progress, only=only)

    def announce(self) -> Delivery:
        """Joined to a host's transaction: it has committed, tell observers and channels.

        Messages that went out are taken from the outbox, which is a write: call it inside a transaction of yours.
        What you rolled back is not told; after the rollback of all call `forget`, or simply drop these operations.
        """
        return self.announcer.announce_pending()

    def forget(self) -> None:
        """Joined to a host's transaction: it was rolled back, announce nothing of it."""
        self.announcer.forget_pending()
        self.shell.look_again_at = EARLIEST

    def export(self, folder: str | Path) -> ExportReport:
        """Write everything into a new folder: JSON lines, MARCXML, CSV; see `libops.desk.moving.export`."""
        from libops.desk.moving.export import export

        return export(self.storage, folder, at=self.clock(), settings=self.settings.version)

    def restore(self, folder: str | Path, *, dry_run: bool = False) -> RestoreReport:
        """Read an export into this library, whose store must be empty, or go on where a restore of it was interrupted;
        see `libops.desk.moving.restore`."""
        from libops.desk.moving.restore import restore

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
