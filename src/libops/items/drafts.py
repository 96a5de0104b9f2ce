"""From the texts of a MARC item field to an item: dates, prices and numbers are read, and what cannot be is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import BibId, ItemId, LibraryCode
from libops.base.money import Money, minor_digits
from libops.items.mapping import TEXT_ATTRIBUTES, ItemMapping, MarcLike, shipped_mappings, texts_of
from libops.items.model import Item

__all__ = ["ItemDraft", "draft_items", "likely_mapping", "price_of"]

AMOUNT: Final = re.compile(r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d{1,4})?")
CODE: Final = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
SIGNS: Final = {"€": "EUR", "£": "GBP", "¥": "JPY"}
DATES: Final = (
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)"), (1, 2, 3)),
    (re.compile(r"(\d{4})(\d\d)(\d\d)"), (1, 2, 3)),
    (re.compile(r"(\d\d)\.(\d\d)\.(\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d\d?)/(\d\d?)/(\d{4})"), (3, 1, 2)),
)


@frozen
class ItemDraft:
    """An item as a record describes it, before it has an identifier; `problems` name the texts that meant nothing."""

    values: Mapping[str, Any] = field(factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def barcode(self) -> str | None:
        """The barcode, or None when the record gives none."""
        return self.values.get("barcode")

    def item(
        self, id: ItemId, bib_id: BibId, *, library: LibraryCode, item_type: str = "", at: datetime | None = None
    ) -> Item:
        """The item; `library` and `item_type` fill what the record leaves open, `at` dates a withdrawal.

        Raises `InvalidValue` when the item is withdrawn and no time is given.
        """
        values = dict(self.values)
        if values.pop("withdrawn", False):
            if at is None:
                raise InvalidValue(f"item {self.barcode!r} is withdrawn: give the time of import as `at`")
            values["withdrawn_at"] = at
        home = values.pop("home_library", library)
        holding = values.pop("holding_library", home)
        values.setdefault("item_type", item_type)
        return Item(id=id, bib_id=bib_id, home_library=home, holding_library=holding, **values)


def price_of(text: str, currency: str) -> Money | None:
    """A price as catalogs write it; None when the text holds no single amount.

    The last point or comma before one or two digits is the decimal one; a currency in the text wins over the default.

    >>> price_of("$1,024.95", "USD"), price_of("24,95 EUR", "USD"), price_of("gift", "USD")
    (Money(102495, 'USD'), Money(2495, 'EUR'), None)
    """
    amounts = AMOUNT.findall(text)
    if len(amounts) != 1:
        return None
    named = CODE.search(text)
    chosen = named[0] if named else next((code for sign, code in SIGNS.items() if sign in text), currency)
    try:
        digits = minor_digits(chosen)
    except InvalidValue:
        return None
    whole, part = amounts[0], ""
    split = max(whole.rfind("."), whole.rfind(","))
    if split >= 0 and (len(whole) - split - 1 != 3 or digits == 3):
        whole, part = whole[:split], whole[split + 1 :]
    if len(part) > digits:
        return None
    return Money(int(re.sub(r"\D", "", whole) + part.ljust(digits, "0")), chosen)


def _date_of(text: str) -> date | None:
    for shape, (year, month, day) in DATES:
        found = shape.match(text)
        if found:
            try:
                return date(int(found[year]), int(found[month]), int(found[day]))
            except ValueError:
                return None
    return None


def _draft(texts: Mapping[str, str], currency: str) -> ItemDraft:
    values: dict[str, Any] = {}
    problems = []
    for name, text in texts.items():
        value: Any = None
        if name in TEXT_ATTRIBUTES:
            value = text
        elif name in ("home_library", "holding_library"):
            value = LibraryCode(text)
        elif name == "price":
            value = price_of(text, currency)
        elif name in ("acquired", "new_until"):
            value = _date_of(text)
        elif name in ("age_restriction", "pieces"):
            value = int(text) if text.isascii() and text.isdigit() and (name != "pieces" or int(text) > 0) else None
        else:
            value = True
        if value is None:
            problems.append(f"{name} {text!r} cannot be read")
        else:
            values[name] = value
    return ItemDraft(values, tuple(problems))


def draft_items(fields: Iterable[MarcLike], mapping: ItemMapping, *, currency: str) -> tuple[ItemDraft, ...]:
    """The items that the fields of a MARC record describe, in their order. Prices without a currency are in `currency`.

    A field that gives neither barcode nor call number nor library is holdings text, not an item, and is left out.
    """
    telling = ("barcode", "call_number", "home_library", "accession_number")
    texts = texts_of(fields, mapping)
    return tuple([_draft(one, currency) for one in texts if any(name in one for name in telling)])


def likely_mapping(records: Iterable[Iterable[MarcLike]]) -> ItemMapping | None:
    """The shipped mapping that finds the most barcodes in these records; None when none finds any.

    A first guess for a file of unknown origin, to be shown to a person before it is used.
    """
    held = [list(fields) for fields in records]
    best, most = None, 0
    for mapping in shipped_mappings().values():
        found = sum("barcode" in texts for fields in held for texts in texts_of(fields, mapping))
        if found > most:
            best, most = mapping, found
    return best
