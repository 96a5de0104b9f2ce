"""The patron desk: register, edit, cards, blocks, removal, search by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.errors import InvalidValue
from libops.base.holders import BarcodeUse
from libops.base.ids import LibraryCode, PatronId
from libops.desk.arguments import checks_arguments, fitting_fields
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.patrons import decide
from libops.patrons.decide import PatronPlan
from libops.patrons.model import Action, Block, Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = ["PatronDesk"]

EVERY_ACTION = tuple(Action)


@checks_arguments()
class PatronDesk:
    """Who the library serves: registered, changed, restricted, removed.

    `patron` is a card's barcode or the patron's identifier. Acts answer `Permit` with the `Patron` as it is now, or
    `Refuse` with every reason, `barcode.no_patron` for an unknown card; what only looks raises `NotFound` for one.

    >>> import libops
    >>> ops, ada = libops.open(), "21234000000017"
    >>> ops.patrons.register(name="Ada Kowalski", category="adult", card=ada).result.name
    'Ada Kowalski'
    >>> print(*ops.patrons.register(name="Ben Okri", category="adult", card=ada).reasons)
    The barcode 21234000000017 is in use already: the patron it is on keeps it.
    >>> ops.patrons.replace_card(ada, "21234000000025").result.card
    '21234000000025'
    """

    def __init__(
        self, shell: Shell, library: LibraryCode, categories: Mapping[str, Any], holders: Holders, currency: str
    ) -> None:
        self.shell = shell
        self.library = library
        self.categories = categories
        self.holders = holders
        self.currency = currency

    def register(
        self, *, name: str, category: str, card: str | None = None, by: str = "desk", **more: Any
    ) -> Decision[Patron]:
        """Make a person a patron.

        Args:
            name: as it is written on the card.
            category: a patron category of the settings.
            card: the barcode of the card, None if there is none yet.
            by: who does it, for the log.
            more: other fields of `Patron`, such as `expires`, `birth_date`, `email`, `home_library`.

        Refused: `card.taken`, `category.unknown`. Raises `InvalidValue` for a field that a patron does not have.
        """
        more.setdefault("home_library", self.library)
        patron = Patron(
            PatronId(self.shell.ids()), name, category, card=card, **fitting_fields(Patron, "a patron", more)
        )

        def ask(reads: Reads, at: datetime) -> Decision[PatronPlan]:
            use = None if card is None else reads.get(BarcodeUse, card)
            return decide.register(patron, use=use, categories=self.categories, at=at, by=by)

        return self.act(ask)

    def change(self, patron: str, *, by: str = "desk", **changed: Any) -> Decision[Patron]:
        """Edit fields of a patron's record: `ops.patrons.change(card, email="ada@example.org")`.

        Refused: `category.unknown`. Raises `InvalidValue` for a field that a patron does not have, or that has
        an act of its own.
        """
        for name in changed:
            if name in ("id", "card", "blocks"):
                raise InvalidValue(f"{name!r} cannot be changed this way: see replace_card, place_block and lift_block")
        fitting_fields(Patron, "a patron", changed)

        def ask(reads: Reads, at: datetime) -> Decision[PatronPlan]:
            before = self.found(reads, patron)
            if isinstance(before, Reason):
                return Refuse((before,))
            return decide.change(evolve(before, **changed), before=before, categories=self.categories, at=at, by=by)

        return self.act(ask)

    def replace_card(self, patron: str, card: str | None, *, by: str = "desk") -> Decision[Patron]:
        """Give a patron another card; the old barcode names nobody from now on. None: the patron has no card any more.

        Refused: `card.taken` for a barcode that another patron or an item has.
        """

        def ask(reads: Reads, at: datetime) -> Decision[PatronPlan]:
            before = self.found(reads, patron)
            if isinstance(before, Reason):
                return Refuse((before,))
            if before.card is not None:
                reads.get(BarcodeUse, before.card)
            use = None if card is None else reads.get(BarcodeUse, card)
            return decide.replace_card(before, card, use=use, at=at, by=by)

        return self.act(ask)

    def place_block(
        self,
        patron: str,
        *,
        note: str,
        actions: tuple[Action, ...] = EVERY_ACTION,
        until: datetime | None = None,
        by: str = "desk",
    ) -> Decision[Patron]:
        """Restrict a patron: which acts, why, and until when.

        Args:
            patron: the card's barcode, or the patron's identifier.
            note: why.
            actions: what is stopped (`Action`); everything when left out.
            until: when it ends by itself, a moment with its zone; None until staff lift it.
            by: who does it, for the log.

        What is stopped is refused with `patron.restricted` from now on.
        """

        def ask(reads: Reads, at: datetime) -> Decision[PatronPlan]:
            before = self.found(reads, patron)
            if isinstance(before, Reason):
                return Refuse((before,))
            return decide.place_block(before, Block(self.shell.ids(), note, at, by, actions, until), at=at, by=by)

        return self.act(ask)

    def lift_block(self, patron: str, block: str, *, by: str = "desk") -> Decision[Patron]:
        """Lift a restriction before its end; `block` is its identifier. Refused: `block.unknown`."""

        def ask(reads: Reads, at: datetime) -> Decision[PatronPlan]:
            before = self.found(reads, patron)
            return Refuse((before,)) if isinstance(before, Reason) else decide.lift_block(before, block, at=at, by=by)

        return self.act(ask)

    def remove(self, patron: str, *, by: str = "desk", override: Override | None = None) -> Decision[Patron]:
        """Delete a patron's record; the log keeps who it was, unless `ops.privacy.erase` does it.

        Refused: `patron.has_loans`, `patron.has_holds`, and `patron.has_balance` without the right
        `patron.remove_with_balance`.
        """
        return self.act(self.removing(patron, by, override))

    def removing(
        self, patron: str, by: str, override: Override | None
    ) -> Callable[[Reads, datetime], Decision[PatronPlan]]:
        """The question whether a record may be deleted."""

        def ask(reads: Reads, at: datetime) -> Decision[PatronPlan]:
            before = self.found(reads, patron)
            if isinstance(before, Reason):
                return Refuse((before,))
            standing = reads.get(Standing, before.id) or Standing(before.id)
            if before.card is not None:
                reads.get(BarcodeUse, before.card)
            return decide.remove(before, standing, currency=self.currency, at=at, by=by, override=override)

        return ask

    def get(self, patron: str) -> Patron:
        """The patron with this card or identifier. Raises `NotFound`."""
        return self.holders.patron_or_raise(Reads(self.shell.storage), patron)

    def standing(self, patron: str) -> Standing:
        """The patron's counters: open loans, overdue, holds, what is owed in minor units. Raises `NotFound`."""
        reads = Reads(self.shell.storage)
        found = self.holders.patron_or_raise(reads, patron)
        return reads.get(Standing, found.id) or Standing(found.id)

    def named(self, beginning: str, *, limit: int = 50) -> list[Patron]:
        """Patrons whose name begins so, in the order of names; at most `limit`. Large and small letters differ."""
        end = beginning + "\U0010ffff"
        rows = self.shell.storage.read([Find(kind_of(Patron), "by_name", (), beginning, end, limit=limit)])[0]
        return [row.record for row in rows]

    def found(self, reads: Reads, text: str) -> Patron | Reason:
        use = self.holders.patron(reads, text)
        if isinstance(use, Reason):
            return use
        patron = reads.get(Patron, use.holder_id)
        assert patron is not None, f"barcode {text!r} names a patron that is not there"
        return patron

    def act(self, ask: Callable[[Reads, datetime], Decision[PatronPlan]]) -> Decision[Patron]:
        return self.shell.act(
            Errand(
                lambda reads: reads,
                ask,
                lambda plan, facts, at, alerts: plan.patron,
            )
        )
