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
from typing import TYPE_CHECKING, Any

from attrs import fields, frozen

from libops.base.barcodes.profiles import BarcodeKind
from libops.base.calendars import Calendar
from libops.base.cards import html_card, html_pairs
from libops.base.errors import InvalidValue, NotFound, SettingsError
from libops.base.ids import LibraryCode
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.rules import CompiledRules, compile_rules
from libops.desk.settings.checks import contradictions_in_names
from libops.desk.settings.lending import LendingSettings
from libops.desk.settings.organization import ItemType, Library, PatronCategory, ServicePoint, inherited
from libops.desk.settings.reading import calendars_of, readable_part, with_names, written_out
from libops.wire.plain import from_plain, to_plain

if TYPE_CHECKING:
    from libops.desk.settings.file import SettingsFile
    from libops.items.mapping import ItemMapping
    from libops.processing.policy import ProcessingPolicy

__all__ = [
    "ItemType",
    "Library",
    "PatronCategory",
    "ServicePoint",
    "Settings",
    "default_settings",
    "load_settings",
]

ROUNDS = 3
"""How often values that cannot be read are taken out: a table may lack a key once its value is gone."""

LENDING = frozenset(each.name for each in fields(LendingSettings))

LOOKS = {
    BarcodeKind.PATRON_CARD: "a patron's card",
    BarcodeKind.ITEM: "an item's barcode",
    BarcodeKind.ISBN: "the ISBN of a book",
    BarcodeKind.ISMN: "the ISMN of printed music",
    BarcodeKind.ISSN: "the ISSN of a serial",
    BarcodeKind.UNKNOWN: "nothing this library knows",
}


@frozen(eq=False, slots=False, repr=False)
class Settings:
    """Settings that have been read, checked and compiled. `version` is the hash of their content."""

    lending: LendingSettings
    """What every desk needs."""
    rules: CompiledRules
    version: str
    calendars: Mapping[LibraryCode, Calendar]
    """The calendar of each library, found up the tree, in the library's own time zone."""

    def __repr__(self) -> str:
        return f"<Settings {self.lending.name!r}, version {self.version}>"

    def _repr_html_(self) -> str:
        told = self.lending
        named: dict[str, Mapping[Any, Any]] = {
            "Libraries": told.libraries,
            "Patrons": told.patron_categories,
            "Items": told.item_types,
        }
        pairs = [(what, ", ".join(f"{each.name} ({code})" for code, each in of.items())) for what, of in named.items()]
        policies = [*told.loan_policies, *told.fine_policies, *told.limit_policies, *told.hold_policies]
        rules = f"{len(told.rules)} and a fallback; policies {', '.join(dict.fromkeys(policies))}"
        pairs += [("Rules", rules), ("Currency", told.currency), ("Version", self.version)]
        return html_card([html_pairs(pairs)], heading=told.name)

    @cached_property
    def file(self) -> SettingsFile:
        """All that is written down. Brings the rooms along whose tables it has, so lending asks `lending`."""
        from libops.desk.settings.file import whole

        return whole(self.lending)

    @property
    def processing(self) -> ProcessingPolicy | None:
        """Checklists for new material, None where the library follows none."""
        return None if self.lending.alone else self.file.processing

    @property
    def currency(self) -> str:
        """The ISO 4217 code of the money the library charges."""
        return self.lending.currency

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
        file = self.lending
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
        from libops.items.mapping import mapping_of

        return {name: mapping_of(name, spec) for name, spec in self.file.item_mappings.items()}

    @property
    def pickup_libraries(self) -> frozenset[LibraryCode]:
        """Where holds can be picked up: libraries that are open at times and have a counter for it, or name none."""
        return frozenset(
            code
            for code in self.calendars
            if not self.lending.libraries[code].service_points
            or any(point.pickup for point in self.lending.libraries[code].service_points.values())
        )

    def looks_like(self, text: str) -> tuple[str, str]:
        """What a scanned text seems to be by the barcodes that this library uses, and what is wrong with it, if any."""
        found = self.lending.barcodes.recognize(text)
        return LOOKS[found.kind], found.problem or ""

    def canonical_text(self) -> str:
        """The canonical form as JSON text, of which `version` is the hash."""
        return text_of(self.lending)

    def canonical(self) -> dict[str, Any]:
        """The settings as plain data, without what equals its default; loading it gives the same version."""
        plain: dict[str, Any] = to_plain(self.lending)
        return plain


def load_settings(source: str | Path | Mapping[str, Any]) -> Settings:
    """Read settings from a TOML file or a dict, check them and compile their rules.

    A file whose name ends in `.json` is read as JSON, the form that `libops settings show` prints.

    Raises `NotFound` for a missing file, and `SettingsError` with all problems for anything that is wrong.
    """
    if isinstance(source, Mapping):
        return ready(dict(source), "settings")
    from tomllib import TOMLDecodeError, loads

    path = Path(source)
    try:
        # Editors on Windows begin a file with a mark that says it is UTF-8.
        text = path.read_text(encoding="utf-8-sig")
        plain = from_json(text, path.name) if path.suffix == ".json" else loads(text)
    except FileNotFoundError:
        raise NotFound(f"no settings file {str(path)!r}: give the path of a TOML file") from None
    except OSError as error:
        raise SettingsError(f"{str(path)!r} cannot be read: {error.strerror}; give the path of a TOML file") from error
    except UnicodeDecodeError as error:
        wrong = f"{path.name} is no text in UTF-8 (byte {error.start}): save it so, as TOML asks"
        raise SettingsError(wrong, (wrong,)) from None
    except TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is no TOML file: {error}", (f"{path.name}: {error}",)) from None
    return ready(plain, path.name)


def from_json(text: str, name: str) -> dict[str, Any]:
    import json

    try:
        plain = json.loads(text)
    except ValueError as error:
        raise SettingsError(f"{name} is no JSON file: {error}", (f"{name}: {error}",)) from None
    if not isinstance(plain, dict):
        raise SettingsError(f"{name} is no table of settings: write one as `libops settings show` prints it")
    return plain


def default_settings() -> Settings:
    """The settings of a small town library, used where a host gives none."""
    from importlib.resources import files
    from tomllib import loads

    text = files("libops.desk.settings").joinpath("default.toml").read_text(encoding="utf-8")
    return ready(loads(text), "default.toml")


def ready(plain: dict[str, Any], name: str) -> Settings:
    """Check and compile settings that were read from `name`."""
    named = with_names(plain)
    try:
        file = read(named, name)
    except SettingsError as error:
        raise wrong(name, (*error.problems, *names_beside(named, error.problems, name))) from None
    from_text = bool(file.rules_text)
    file = written_out(file, name)
    problems = contradictions_in_names(file, name, from_text=from_text)
    if problems:
        raise wrong(name, problems)
    try:
        rules = compile_rules(
            file.rules, precedence=file.precedence, fallback=file.fallback, trees=file.trees, control=file.control
        )
    except InvalidValue as error:
        raise SettingsError(f"{name}.rules: {error}", (f"{name}.rules: {error}",)) from None
    return Settings(file, rules, version_of(file), calendars_of(file))


def wrong(name: str, problems: tuple[str, ...]) -> SettingsError:
    count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
    return SettingsError("\n  ".join([f"{name} has {count}:", *problems]), problems)


def names_beside(plain: dict[str, Any], problems: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Names that are not there, in settings some values of which cannot be read."""
    left: dict[str, Any] | None = plain
    for _ in range(ROUNDS):
        left = readable_part(left, problems, name)
        if left is None:
            break
        try:
            file = read(left, name)
            found = contradictions_in_names(written_out(file, name), name, from_text=bool(file.rules_text))
        except SettingsError as error:
            problems = error.problems
            continue
        tables = {key: part for key, part in plain.items() if isinstance(part, Mapping)}
        lost = {f" {entry!r};" for key, part in tables.items() for entry in part if entry not in left.get(key, ())}
        return tuple(problem for problem in found if not any(entry in problem for entry in lost))
    return ()


def read(plain: dict[str, Any], name: str) -> LendingSettings:
    """The settings as they are written down; a file that says nothing of other rooms does not bring them along."""
    if LENDING.issuperset(plain):
        return from_plain(plain, LendingSettings, name=name)
    from libops.desk.settings.file import SettingsFile

    return from_plain(plain, SettingsFile, name=name)


def text_of(file: LendingSettings) -> str:
    """The canonical form as JSON, the same for two files that say the same in another order of keys."""
    import json

    return json.dumps(to_plain(file), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def version_of(file: LendingSettings) -> str:
    """A hash of the content."""
    from hashlib import sha256

    return sha256(text_of(file).encode()).hexdigest()[:16]
