"""Settings: everything a library decides about itself, in one TOML file or one dict.

`load_settings` reads, checks and compiles them; `Settings` answers what a desk asks: which rule governs a case, which
calendar a library keeps, which version of the settings this is.

>>> settings = load_settings({
...     "currency": "EUR",
...     "libraries": {"MAIN": {"name": "Main library", "calendar": "main"}},
...     "calendars": {"main": {"zone": "Europe/Berlin", "weekly": {"monday": "10:00-18:00"}}},
...     "patron_categories": {"adult": {"name": "Adult"}},
...     "item_types": {"book": {"name": "Book"}},
...     "loan_policies": {"three-weeks": {"due": {"period": "3 weeks"}}},
...     "fallback": {"loan": "three-weeks"},
... })
>>> from libops.circulation.policy.rules import Case
>>> settings.book.terms(Case("MAIN", "adult", "book")).loan.due.period.amount
3
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import field, frozen

from libops.base.barcodes.profiles import BarcodeKind, BarcodeProfile
from libops.base.calendars import Calendar
from libops.base.errors import InvalidValue, NotFound, SettingsError
from libops.base.ids import LibraryCode
from libops.base.money import minor_digits
from libops.bookings.policy import BookingPolicy, JobTerms
from libops.catalog.matching.overlay import FieldSpec, field_spec
from libops.catalog.policy import CatalogPolicy
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.holds import HoldPolicy, HoldSettings, RecallPolicy
from libops.circulation.policy.limits import LimitPolicy
from libops.circulation.policy.privacy import PrivacyPolicy
from libops.circulation.policy.returns import ReturnSettings
from libops.circulation.policy.rules import (
    AgeRange,
    CircRule,
    ColumnWeights,
    CompiledRules,
    ControlLibraries,
    Criterion,
    FixedWeights,
    LibraryPair,
    Precedence,
    PriorityLine,
    Tree,
    Trees,
    compile_rules,
)
from libops.circulation.policy.terms import LoanPolicy
from libops.classification import DEFAULT_POLICY, FilingPolicy
from libops.desk.organization import ItemType, Library, PatronCategory, ServicePoint, inherited
from libops.desk.settings_checks import contradictions_in_names
from libops.desk.settings_reading import calendars_of, with_names, written_out
from libops.equipment.policy import EquipmentPolicy
from libops.fees.policy import AccountPolicy, FinePolicy, LostPolicy, Reminder, SuspensionPolicy
from libops.inventory.policy import InventoryPolicy
from libops.items.mapping import ItemMapping, mapping_of
from libops.notices.policy import NoticePolicy
from libops.notices.templates import Template
from libops.processing.labels.terms import LabelTerms
from libops.processing.policy import ProcessingPolicy
from libops.wire.plain import from_plain, register_text, register_variants, to_plain

__all__ = [
    "ItemType",
    "Library",
    "PatronCategory",
    "ServicePoint",
    "Settings",
    "SettingsFile",
    "default_settings",
    "load_settings",
]

register_text(Criterion, read=Criterion.parse, write=Criterion.written)
register_text(FieldSpec, read=field_spec, write=lambda spec: spec.written)
register_text(AgeRange, read=AgeRange.parse, write=AgeRange.written)
register_variants(
    Precedence,
    tag="strategy",
    kinds={
        "fixed-weights": FixedWeights,
        "column-weights": ColumnWeights,
        "priority-line": PriorityLine,
        "library-pair": LibraryPair,
    },
)


LOOKS = {
    BarcodeKind.PATRON_CARD: "a patron's card",
    BarcodeKind.ITEM: "an item's barcode",
    BarcodeKind.ISBN: "the ISBN of a book",
    BarcodeKind.ISMN: "the ISMN of printed music",
    BarcodeKind.ISSN: "the ISSN of a serial",
    BarcodeKind.UNKNOWN: "nothing this library knows",
}


@frozen(kw_only=True)
class SettingsFile:
    """The settings as they are written down: the shape of the TOML file."""

    currency: str
    name: str = ""
    libraries: Mapping[LibraryCode, Library]
    calendars: Mapping[str, Calendar]
    patron_categories: Mapping[str, PatronCategory]
    item_types: Mapping[str, ItemType]
    loan_policies: Mapping[str, LoanPolicy] = field(factory=dict)
    limit_policies: Mapping[str, LimitPolicy] = field(factory=dict)
    fine_policies: Mapping[str, FinePolicy] = field(factory=dict)
    lost_policies: Mapping[str, LostPolicy] = field(factory=dict)
    suspension_policies: Mapping[str, SuspensionPolicy] = field(factory=dict)
    reminder_policies: Mapping[str, tuple[Reminder, ...]] = field(factory=dict)
    """Schedules of reminders, each counted from the one before it."""
    notice_policies: Mapping[str, NoticePolicy] = field(factory=dict)
    notice_templates: Mapping[str, Template] = field(factory=dict)
    """Templates of the library's own, or in place of those that come with libops."""
    channels: Mapping[str, str] = field(factory=dict)
    """Which channel carries which kind of message: `email = "smtp"`."""
    channel_options: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    """What each channel needs to know, by the channel's name."""
    privacy: PrivacyPolicy = field(factory=PrivacyPolicy)
    hold_policies: Mapping[str, HoldPolicy] = field(factory=dict)
    recall_policies: Mapping[str, RecallPolicy] = field(factory=dict)
    holds: HoldSettings = field(factory=HoldSettings)
    """The order of the queue, groups of libraries, and who is near whom."""
    returns: ReturnSettings = field(factory=ReturnSettings)
    """Where items go that come back elsewhere."""
    accounts: AccountPolicy = field(factory=AccountPolicy)
    barcodes: BarcodeProfile = field(factory=BarcodeProfile)
    """How the library's barcodes are told apart; by default any text may be a card or a label."""
    devices: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    """Scanners, printers and gates by name: `driver`, and what the driver needs to know."""
    equipment: EquipmentPolicy = field(factory=EquipmentPolicy)
    """How tickets are graded, what they block, and what work costs."""
    bookings: BookingPolicy = field(factory=BookingPolicy)
    """The terms of rooms, machines and equipment that are booked."""
    job_terms: Mapping[str, JobTerms] = field(factory=dict)
    """The terms of makerspace jobs, by kind of machine."""
    inventory: InventoryPolicy = field(factory=InventoryPolicy)
    """Stocktakes, weeding and displays."""
    catalog: CatalogPolicy = field(factory=CatalogPolicy)
    """How records that arrive are matched and laid over, and what is asked of a record."""
    filing: FilingPolicy = DEFAULT_POLICY
    """How call numbers file; after a change, `ops.items.refile` makes the keys of the items anew."""
    labels: LabelTerms = field(factory=LabelTerms)
    """Spine labels, sheets, layouts and the label printer."""
    item_mappings: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    """Where the items are in a record, for fields other than the shipped mappings know."""
    processing: ProcessingPolicy | None = None
    """Checklists for new material; left out, the library follows none, and nothing waits for them."""
    precedence: Precedence = field(factory=FixedWeights)
    control: ControlLibraries = field(factory=ControlLibraries)
    rules: tuple[CircRule, ...] = ()
    rules_text: str = ""
    """The rules in FOLIO's language, with their priority and fallback, in place of `rules`, `precedence` and
    `fallback`; the canonical form has them written out."""
    fallback: CircRule | None = None

    def __attrs_post_init__(self) -> None:
        minor_digits(self.currency)

    @property
    def trees(self) -> Trees:
        """The trees that rules are matched in."""
        return Trees(
            libraries=Tree({code: library.parent for code, library in self.libraries.items()}),
            categories=Tree({code: category.parent for code, category in self.patron_categories.items()}),
            item_types=Tree({code: kind.parent for code, kind in self.item_types.items()}),
        )


@frozen(eq=False, slots=False)
class Settings:
    """Settings that have been read, checked and compiled. `version` is the hash of their content."""

    file: SettingsFile
    rules: CompiledRules
    version: str
    calendars: Mapping[LibraryCode, Calendar]
    """The calendar of each library, found up the tree, in the library's own time zone."""

    @property
    def currency(self) -> str:
        """The ISO 4217 code of the money the library charges."""
        return self.file.currency

    def calendar_of(self, library: LibraryCode) -> Calendar:
        """The calendar that a library keeps. Raises `NotFound` for an unknown library."""
        try:
            return self.calendars[library]
        except KeyError:
            known = ", ".join(self.calendars)
            raise NotFound(f"no library {library!r} in the settings; those with a calendar are: {known}") from None

    def library_named(self, name: str | None) -> LibraryCode:
        """The library of this code, or the first one with a calendar. Raises `InvalidValue` for an unknown one."""
        if name is None:
            return next(iter(self.calendars))
        if name not in self.calendars:
            raise InvalidValue(f"no library {name!r}; the settings name {', '.join(self.calendars)}")
        return LibraryCode(name)

    @cached_property
    def book(self) -> CirculationBook:
        """The rule book that decisions about loans ask."""
        file = self.file
        prices = {code: kind.default_price for code, kind in file.item_types.items() if kind.default_price is not None}
        return CirculationBook(
            self.version,
            file.currency,
            self.rules,
            file.loan_policies,
            file.limit_policies,
            file.fine_policies,
            file.lost_policies,
            self.calendars,
            prices,
            file.suspension_policies,
            file.reminder_policies,
            file.accounts,
            file.hold_policies,
            file.recall_policies,
            file.holds,
            file.returns,
            inherited(self.rules.trees.libraries, {code: each.juvenile_below for code, each in file.libraries.items()}),
            inherited(self.rules.trees.item_types, {code: kind.new_for for code, kind in file.item_types.items()}),
        )

    @cached_property
    def item_mappings(self) -> Mapping[str, ItemMapping]:
        """The library's own item mappings, by name."""
        return {name: mapping_of(name, spec) for name, spec in self.file.item_mappings.items()}

    @property
    def pickup_libraries(self) -> frozenset[LibraryCode]:
        """Where holds can be picked up: libraries that are open at times and have a counter for it, or name none."""
        return frozenset(
            code
            for code in self.calendars
            if not self.file.libraries[code].service_points
            or any(point.pickup for point in self.file.libraries[code].service_points.values())
        )

    def looks_like(self, text: str) -> str:
        """What a scanned text seems to be, in words, by the barcodes that this library uses."""
        found = self.file.barcodes.recognize(text)
        named = LOOKS[found.kind]
        return f"{named} ({found.problem})" if found.problem else named

    def canonical_text(self) -> str:
        """The canonical form as JSON text, of which `version` is the hash."""
        return text_of(self.file)

    def canonical(self) -> dict[str, Any]:
        """The settings as plain data, without what equals its default; loading it gives the same version."""
        plain: dict[str, Any] = to_plain(self.file)
        return plain


def load_settings(source: str | Path | Mapping[str, Any]) -> Settings:
    """Read settings from a TOML file or a dict, check them and compile their rules.

    Raises `NotFound` for a missing file, and `SettingsError` with all problems for anything that is wrong.
    """
    if isinstance(source, Mapping):
        return ready(dict(source), "settings")
    from tomllib import TOMLDecodeError, loads

    path = Path(source)
    try:
        plain = loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"no settings file {str(path)!r}: give the path of a TOML file") from None
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} is no TOML file: {error}", (f"{path.name}: {error}",)) from None
    return ready(plain, path.name)


def default_settings() -> Settings:
    """The settings of a small town library, used where a host gives none."""
    from importlib.resources import files
    from tomllib import loads

    text = files("libops.desk").joinpath("settings_default.toml").read_text(encoding="utf-8")
    return ready(loads(text), "settings_default.toml")


def ready(plain: dict[str, Any], name: str) -> Settings:
    """Check and compile settings that were read from `name`."""
    file = from_plain(with_names(plain), SettingsFile, name=name)
    file = written_out(file, name)
    problems = contradictions_in_names(file, name)
    if problems:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise SettingsError("\n  ".join([f"{name} has {count}:", *problems]), problems)
    try:
        rules = compile_rules(
            file.rules, precedence=file.precedence, fallback=file.fallback, trees=file.trees, control=file.control
        )
    except InvalidValue as error:
        raise SettingsError(f"{name}.rules: {error}", (f"{name}.rules: {error}",)) from None
    return Settings(file, rules, version_of(file), calendars_of(file))


def text_of(file: SettingsFile) -> str:
    """The canonical form as JSON, the same for two files that say the same in another order of keys."""
    import json

    return json.dumps(to_plain(file), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def version_of(file: SettingsFile) -> str:
    """A hash of the content."""
    from hashlib import sha256

    return sha256(text_of(file).encode()).hexdigest()[:16]
