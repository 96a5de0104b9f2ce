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
    """Patrons. Acts return `Permit` with the patron as it now is, or `Refuse` with every reason."""

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

        Raises `InvalidValue` for a field that a patron does not have, or that has an act of its own.
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
        """Give a patron another card; the old barcode names nobody from now on."""

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
        """Restrict a patron: which acts, why, and until when."""

        def ask(reads: Reads, at: datetime) -> Decision[PatronPlan]:
            before = self.found(reads, patron)
            if isinstance(before, Reason):
                return Refuse((before,))
            return decide.place_block(before, Block(self.shell.ids(), note, at, by, actions, until), at=at, by=by)

        return self.act(ask)

    def lift_block(self, patron: str, block: str, *, by: str = "desk") -> Decision[Patron]:
        """Lift a restriction before its end; `block` is its identifier."""

        def ask(reads: Reads, at: datetime) -> Decision[PatronPlan]:
            before = self.found(reads, patron)
            return Refuse((before,)) if isinstance(before, Reason) else decide.lift_block(before, block, at=at, by=by)

        return self.act(ask)

    def remove(self, patron: str, *, by: str = "desk", override: Override | None = None) -> Decision[Patron]:
        """Delete a patron's record; not while anything is out or on hold, and with money open only by right."""
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
        """How much the patron has out and owes. Raises `NotFound`."""
        reads = Reads(self.shell.storage)
        found = self.holders.patron_or_raise(reads, patron)
        return reads.get(Standing, found.id) or Standing(found.id)

    def named(self, beginning: str, *, limit: int = 50) -> list[Patron]:
        """Patrons whose name begins so, in order."""
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
