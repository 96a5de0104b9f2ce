"""A library day as a state machine: everything a desk can do, in any order, and what must hold all the while.

`LibraryDay` runs on the memory store; a subclass names another with `url`. Other rooms add rules by subclassing. The
library is strict (few loans at once, small debts), so that in a day of some thirty acts each of its common reasons is
given to somebody; `heard` counts them, over all days of a class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from libops.base.decisions import Override, Permit, Refuse
from libops.circulation.events import RenewedBy
from libops.circulation.model import (
    ClaimResolution,
    Loan,
    LostItem,
    ReadyHold,
    Transit,
)
from libops.desk.opening import open as open_library
from libops.desk.operations import Operations
from libops.desk.settings.loading import default_settings
from libops.fees.model import AccountLine, OpenCharge, OpenCredit
from libops.notices.model import Message, NoticeTrack
from libops.patrons.model import Action, HistoryConsent, Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock, RecordingChannel
from libops.testing.library_day_accounts import AccountRules
from libops.testing.library_day_holds import CARDS, LABELS, PLACES, HoldRules
from libops.testing.sample_library import PATRONS, sample_library

__all__ = ["LibraryDay"]

BLOCKS = [(Action.CHECK_OUT,), (Action.RENEW,), (Action.CHECK_OUT, Action.RENEW), tuple(Action)]
PICKS = st.integers(0, 11)
"""Which of the open loans, by turns; the last two mean any item."""

STRICT: Mapping[str, Any] = {
    "adult": {"items_out": 2, "overdue": {"limit": 1}, "debt": {"limit": "3.00 EUR"}},
    "child": {
        "items_out": 2,
        "by_item_type": [{"item_types": ["media"], "limit": 1}],
        "overdue": {"limit": 1},
        "debt": {"limit": "1.00 EUR"},
    },
}

EVERY_RIGHT = Override(
    [
        "patron.expired",
        "patron.debt_limit",
        "loan.limit_reached",
        "patron.restricted",
        "item.held_for_others",
        "item.in_transit",
    ],
    "ruth",
    "trusted patron",
    ["loan.expired_patron", "loan.indebted_patron", "loan.limit", "loan.restricted_patron", "loan.in_transit"],
)


DUE_BY_HAND = Override(["loan.due_by_hand"], "ruth", "a long illness", ["loan.change_due"])
TOLD = (
    "recall",
    "lost",
    "lost_billed",
    "hold_ready",
    "hold_cancelled",
    "hold_expired",
    "hold_not_collected",
    "due_moved",
)
"""Notices that go out when it happens."""


def two_libraries() -> dict[str, Any]:
    """The settings of a small town library with a branch, in which loans are recalled and age to lost."""
    plain = default_settings().canonical()
    plain["libraries"]["EAST"] = {"name": "East branch", "calendar": "main"}
    plain["hold_policies"]["standard"]["per_record"] = 2
    plain["recall_policies"] = {"standard": {"terms": {"guaranteed": "1 week", "return_within": "3 days"}}}
    plain["fallback"]["recall"] = "standard"
    plain["holds"] = {"targeting": {"retarget_after": "24 hours", "loops": 3, "stall": "12 hours"}}
    plain["loan_policies"]["four-weeks"]["renewals"]["automatic"] = {"debt_limit": "5.00 EUR"}
    plain["lost_policies"]["replacement"].update(aged_after="6 weeks", billed_after="1 week")
    return plain


class PostOffice(RecordingChannel):
    """A channel that fails now and then, and remembers every letter it took, also one that it had taken before."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    def send(self, message: Message) -> None:
        """Take a letter, or fail as told."""
        super().send(message)
        self.taken.append(message.key)


class LibraryDay(HoldRules, AccountRules, RuleBasedStateMachine):
    """A desk at work on a small collection."""

    heard: ClassVar[Counter[str]] = Counter()
    """How often each reason code was given, as a reason or an alert, and how often a return was `fined`."""

    def settings(self) -> dict[str, Any]:
        """The settings of a small town with a branch, with strict limits."""
        plain = two_libraries()
        plain["limit_policies"] |= STRICT
        plain["loan_policies"]["four-weeks"]["renewals"] = {"count": 1}
        overdue = {"template": "overdue", "trigger": "due", "timing": "after", "period": "1 day", "every": "7 days"}
        told = [{"template": kind, "trigger": kind.replace("_", "-"), "digest": "none"} for kind in TOLD]
        plain["notice_policies"] = {
            "letters": {"notices": [overdue, {"template": "check_out", "trigger": "check-out"}, *told]}
        }
        plain["fallback"]["notices"] = "letters"
        return plain

    def url(self) -> str:
        """Where this day's records are kept."""
        return "memory:"

    @initialize()
    def open_the_doors(self) -> None:
        """A catalog, some items, some patrons."""
        self.clock = FrozenClock()
        self.post = PostOffice()
        self.ops: Operations = open_library(
            self.url(),
            settings=self.settings(),
            clock=self.clock,
            ids=CountingIds(),
            plugins=[self.post],
            channels={"email": "recording"},
        )
        sample_library(self.ops)
        for card, name, _ in PATRONS:
            self.ops.patrons.change(card, email=f"{name.split()[0].lower()}@example.org")

    # --- what a desk does -----------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 5, 24, 24 * 8, 24 * 20, 24 * 40, 24 * 100]))
    def time_passes(self, hours: int) -> None:
        """An hour, an evening, a week, some weeks, a season."""
        self.clock.forward(hours=hours)

    @rule(card=CARDS, label=LABELS, trusted=st.booleans(), on_site=st.booleans())
    def check_out(self, card: str, label: str, trusted: bool, on_site: bool) -> None:
        """Lend, with or without the right to set reasons aside; the preview says the same."""
        asked: dict[str, Any] = {"patron": card, "item": label, "on_site": on_site}
        if trusted:
            asked["override"] = EVERY_RIGHT
        self.previewed(self.ops.circulation.preview_check_out, self.ops.circulation.check_out, **asked)

    def on_loan(self, pick: int, label: str) -> str:
        """Most often the label of an item that is on loan, else the one given."""
        out = sorted(loan.item_id for loan in self.all_of(Loan))
        barcode = self.ops.items.get(out[pick % len(out)]).barcode if out and pick < 10 else None
        return barcode or label

    @rule(card=CARDS, labels=st.lists(LABELS, min_size=3, max_size=4, unique=True))
    def lend_an_armful(self, card: str, labels: list[str]) -> None:
        """A patron comes with several items; sooner or later the limit is reached."""
        for label in labels:
            self.previewed(
                self.ops.circulation.preview_check_out, self.ops.circulation.check_out, patron=card, item=label
            )

    @rule(pick=PICKS, label=LABELS, hours=st.sampled_from([24, 24 * 7]))
    def renew_again(self, pick: int, label: str, hours: int) -> None:
        """Renew twice, some days apart."""
        for _ in range(2):
            self.clock.forward(hours=hours)
            self.renew(pick, label, RenewedBy.STAFF_SEEN)

    @rule(pick=PICKS, label=LABELS, renewed_by=st.sampled_from(RenewedBy))
    def renew(self, pick: int, label: str, renewed_by: RenewedBy) -> None:
        """Renew; a renewal never shortens a loan."""
        label = self.on_loan(pick, label)
        before = self.ops.circulation.loan_of(label)
        desk = self.ops.circulation
        answer = self.previewed(desk.preview_renew, desk.renew, item=label, renewed_by=renewed_by)
        after = self.ops.circulation.loan_of(label)
        if isinstance(answer, Permit) and before is not None and before.due is not None:
            assert after is not None
            assert after.due is None or after.due >= before.due

    @rule(pick=PICKS, label=LABELS, days_ago=st.integers(0, 5), place=PLACES)
    def check_in(self, pick: int, label: str, days_ago: int, place: str) -> None:
        """Take back, also what was left in the drop box on a closed day."""
        label = self.on_loan(pick, label)
        returned = None if days_ago == 0 else self.clock() - timedelta(days=days_ago)
        desk = self.ops.circulation
        answer = self.previewed(desk.preview_check_in, desk.check_in, item=label, returned_at=returned, library=place)
        assert isinstance(answer, Permit)
        assert self.ops.circulation.loan_of(label) is None

    @rule(card=CARDS, pick=PICKS, label=LABELS, days=st.integers(30, 90))
    def forget(self, card: str, pick: int, label: str, days: int) -> None:
        """A patron takes an item home and remembers it weeks too late."""
        self.heed(self.ops.circulation.check_out(patron=card, item=label))
        self.clock.forward(days=days)
        self.heed(self.ops.circulation.check_out(patron=card, item=label))
        self.check_in(pick, label, 0, "MAIN")

    @rule(label=LABELS, called_off=st.booleans())
    def send(self, label: str, called_off: bool) -> None:
        """Send an item to the branch, or call its transit off."""
        if called_off:
            self.ops.transits.cancel(label, why="the van is broken")
        else:
            self.ops.transits.send(label, "EAST")

    @rule(label=LABELS, act=st.sampled_from(["declare_lost", "claim_returned", "claim_never_had", "bill", "end"]))
    def lose(self, label: str, act: str) -> None:
        """An item does not come back, or so the patron says."""
        getattr(self.ops.losses, act)(label)

    @rule(label=LABELS, resolution=st.sampled_from(ClaimResolution))
    def resolve_a_claim(self, label: str, resolution: ClaimResolution) -> None:
        """Staff settle a claim, if there is one."""
        loan = self.ops.circulation.loan_of(label)
        if loan is not None and loan.claimed_returned_at is not None:
            assert self.ops.losses.resolve_claim(label, resolution) or loan.declared_lost_at is not None

    @rule(closed=st.integers(0, 3), hours=st.sampled_from([0, 1]))
    def post_goes_out(self, closed: int, hours: int) -> None:
        """What is ready is handed over; the next letters may not be taken, and are tried again later."""
        self.ops.notices.deliver_due()
        self.post.fail_next = closed
        self.clock.forward(hours=hours)

    @rule(pick=PICKS, label=LABELS, days=st.integers(1, 20))
    def give_another_due_date(self, pick: int, label: str, days: int) -> None:
        """Staff let a patron keep an item for some days from now."""
        label = self.on_loan(pick, label)
        self.heed(
            self.ops.circulation.change_due(item=label, due=self.clock() + timedelta(days=days), override=DUE_BY_HAND)
        )

    @rule()
    def night_falls(self) -> None:
        """What time brings to loans; a second run finds nothing left to do."""
        sweeps = self.ops.loan_sweeps
        for run in (sweeps.renew_automatically, sweeps.age_to_lost, sweeps.bill_losses):
            run()
            assert 0 == run().done

    @rule(card=CARDS, wish=st.sampled_from(HistoryConsent))
    def nightly_run(self, card: str, wish: HistoryConsent) -> None:
        """Do what time has brought, and forget what a patron wants forgotten; at once again, it brings nothing new."""
        self.ops.patrons.change(card, history=wish)
        self.ops.run_due()
        owed, told = self.all_of(Standing), self.all_of(NoticeTrack)
        again = self.ops.run_due()
        assert (owed, told, 0) == (self.all_of(Standing), self.all_of(NoticeTrack), again.delivery.sent)

    @rule(card=CARDS, label=LABELS, actions=st.sampled_from(BLOCKS))
    def block(self, card: str, label: str, actions: tuple[Action, ...]) -> None:
        """Restrict a patron for a month, who tries all the same."""
        until = self.clock() + timedelta(days=30)
        assert self.ops.patrons.place_block(card, note="lost a key", actions=actions, until=until)
        self.heed(self.ops.circulation.check_out(patron=card, item=label))

    @rule(card=CARDS)
    def lift_blocks(self, card: str) -> None:
        """Lift every block of a patron."""
        for block in self.ops.patrons.get(card).blocks:
            assert self.ops.patrons.lift_block(card, block.id)

    @rule(card=CARDS, years=st.integers(-1, 2))
    def change_expiry(self, card: str, years: int) -> None:
        """Renew a registration, or let it end."""
        day = self.clock().date()
        self.ops.patrons.change(card, expires=date(day.year + years, 6, 30))

    @rule(label=LABELS, flag=st.booleans())
    def damage(self, label: str, flag: bool) -> None:
        """Mark an item as damaged, or mended."""
        self.ops.items.change(label, damaged=flag)

    def previewed(self, preview: Callable[..., Any], act: Callable[..., Any], **asked: Any) -> Any:
        """Preview, then act: the same answer, down to the due date and the charges."""
        foreseen, done = preview(**asked), act(**asked)
        assert type(foreseen) is type(done)
        if isinstance(done, Refuse):
            assert foreseen.reasons == done.reasons
        else:
            same = [getattr(foreseen.result, name) for name in ("due", "charged", "alerts", "rule")]
            assert same == [getattr(done.result, name) for name in ("due", "charged", "alerts", "rule")]
        return self.heed(done)

    def heed(self, answer: Any) -> Any:
        """Count the reasons of an answer."""
        codes = [reason.code for reason in (*getattr(answer, "reasons", ()), *answer.alerts)]
        if isinstance(answer, Permit) and getattr(answer.result, "charged", None):
            codes.append("fined")
        self.heard.update(codes)
        for code in codes:
            event(code)
        return answer

    # --- what holds all the while ---------------------------------------------------------------------------------

    def all_of(self, cls: type[Any]) -> list[Any]:
        """Every record of a class."""
        return list(every(self.ops.storage, kind_of(cls)))

    @precondition(HoldRules.ready)
    @invariant()
    def an_item_has_one_open_loan_at_most(self) -> None:
        """And every open loan has its own identifier."""
        loans = self.all_of(Loan)
        assert len(loans) == len({loan.item_id for loan in loans}) == len({loan.id for loan in loans})

    @precondition(HoldRules.ready)
    @invariant()
    def no_letter_is_sent_twice(self) -> None:
        """However often the post is brought, and whatever it would not take before."""
        assert len(self.post.taken) == len(set(self.post.taken))

    @precondition(HoldRules.ready)
    @invariant()
    def an_item_is_in_one_place(self) -> None:
        """On loan, set aside, or on one way: never two of them, whatever the desks do."""
        places = [record.item_id for cls in (Loan, ReadyHold, Transit) for record in self.all_of(cls)]
        assert len(places) == len(set(places))

    @precondition(HoldRules.ready)
    @invariant()
    def no_loan_is_due_before_it_began(self) -> None:
        """Whatever ceilings cut it."""
        assert [] == [loan for loan in self.all_of(Loan) if loan.due is not None and loan.due < loan.checked_out_at]

    @precondition(HoldRules.ready)
    @invariant()
    def standings_are_what_counting_gives(self) -> None:
        """Limits ask the counters: they must never drift from the loans."""
        loans = self.all_of(Loan)
        for standing in self.all_of(Standing):
            own = [loan for loan in loans if loan.patron_id == standing.patron_id]
            counted = (len(own), sum(loan.on_site for loan in own))
            assert counted == (standing.open_loans, standing.on_site_loans)
            assert len(own) == sum(standing.by_type.values())

    @precondition(HoldRules.ready)
    @invariant()
    def what_is_lost_is_counted(self) -> None:
        """A lost item counts against who lost it until it comes back; an open loan that is lost is remembered so."""
        lost = self.all_of(LostItem)
        for standing in self.all_of(Standing):
            assert standing.lost == sum(each.patron_id == standing.patron_id for each in lost)
        marked = {loan.id for loan in self.all_of(Loan) if loan.declared_lost_at or loan.aged_to_lost_at}
        assert marked <= {each.loan_id for each in lost}

    @precondition(HoldRules.ready)
    @invariant()
    def accounts_add_up(self) -> None:
        """Balance = sum of the lines = open charges less open credits."""
        lines, charges, credits = self.all_of(AccountLine), self.all_of(OpenCharge), self.all_of(OpenCredit)
        for patron in self.all_of(Patron):
            of_lines = sum(line.amount.amount for line in lines if line.patron_id == patron.id)
            owed = sum(charge.open.amount for charge in charges if charge.patron_id == patron.id)
            kept = sum(credit.open.amount for credit in credits if credit.patron_id == patron.id)
            assert of_lines == owed - kept == self.ops.patrons.standing(patron.id).balance

    def teardown(self) -> None:
        """At closing time the log alone gives every record again."""
        if self.ready():
            assert stored(self.ops.storage) == rebuilt(log_of(self.ops.storage))
            self.ops.close()
