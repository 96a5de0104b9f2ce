"""Terms of booking as data: times, lengths, notice, lead and trail, money, approval, and the makerspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_zero, money_at_least_zero
from libops.base.decisions import RuleConsidered
from libops.base.errors import InvalidValue
from libops.base.money import Money
from libops.bookings.model import EPOCH, Booking, Estimate, Material, Resource

__all__ = [
    "ApprovalNeeded",
    "BookingPolicy",
    "BookingTerms",
    "FailedJob",
    "InClosing",
    "JobCharge",
    "JobTerms",
    "OffGrid",
    "OutsideHours",
    "SeriesConflict",
    "WaitingList",
    "blocked_span",
    "job_price",
    "late_fee",
    "rent",
    "terms_for",
]


class OutsideHours(Enum):
    """Whether a booking may lie outside the opening hours."""

    REFUSE = "refuse"
    """It lies within one open stretch: rooms."""
    SPAN_CLOSED = "span_closed"
    """It begins and ends while the library is open, and may run over night: equipment taken home."""
    ALLOW = "allow"
    """Opening hours do not matter: a locker, a meeting room with a door of its own."""


class OffGrid(Enum):
    """What happens to a start or end that lies between two slots."""

    REFUSE = "refuse"
    ROUND_OUT = "round_out"
    """The booking grows to whole slots."""


class ApprovalNeeded(Enum):
    """Which bookings are only requests until somebody approves them."""

    NEVER = "never"
    LONG = "long"
    """Those of more than `approval_above` minutes."""
    ALWAYS = "always"


class InClosing(Enum):
    """What an announced closing does to the bookings that fall into it."""

    LEAVE = "leave-bookings"
    """Nothing: they are only listed."""
    FLAG = "flag-bookings"
    """They are marked for staff, who call the patron."""
    CANCEL = "cancel-bookings"
    """They are cancelled, at no cost and with notice; those that have begun are marked."""


class WaitingList(Enum):
    """What happens to the waiting list when a span comes free."""

    OFFER = "offer"
    """The first who fits is told; who books first has it."""
    BOOK_FIRST = "book_first"
    """The first who fits has it booked at once."""


class SeriesConflict(Enum):
    """What a day that cannot be booked does to a series."""

    REFUSE_ALL = "refuse_all"
    SKIP = "skip"
    """The day is left out, with an alert."""


class JobCharge(Enum):
    """What a makerspace job is charged by."""

    NOTHING = "nothing"
    WEIGHT = "weight"
    """Grams times the price of the material."""
    TIME = "time"
    """Machine time times the price per hour."""
    WEIGHT_AND_TIME = "weight_and_time"


class FailedJob(Enum):
    """What a failed attempt costs."""

    FREE = "free"
    AS_USED = "as_used"
    """What it took, like a good one."""


@frozen(kw_only=True)
class BookingTerms:
    """The terms of one sort of resource. Lengths and notices are minutes; None is no limit, 0 is a limit of nothing.

    `lead` and `trail` are kept free before and after each booking. `certifications` are the courses a patron needs.
    `no_show_after` is how long after the start a booking counts as missed: None never. `late_fee` is charged for each
    begun `late_every` minutes after `late_grace`, up to `late_cap`. `cancel_notice` is how long before the start a
    cancellation costs nothing. `notices` names the notice policy of its bookings.
    """

    min_length: int | None = field(default=None, validator=at_least_zero)
    max_length: int | None = field(default=None, validator=at_least_zero)
    min_notice: int | None = field(default=None, validator=at_least_zero)
    max_notice: int | None = field(default=None, validator=at_least_zero)
    lead: int = field(default=0, validator=at_least_zero)
    trail: int = field(default=0, validator=at_least_zero)
    outside_hours: OutsideHours = OutsideHours.REFUSE
    off_grid: OffGrid = OffGrid.REFUSE
    max_open: int | None = field(default=None, validator=at_least_zero)
    certifications: tuple[str, ...] = ()
    approval: ApprovalNeeded = ApprovalNeeded.NEVER
    approval_above: int = field(default=0, validator=at_least_zero)
    waiting_limit: int | None = field(default=None, validator=at_least_zero)
    waiting: WaitingList = WaitingList.OFFER
    series_conflict: SeriesConflict = SeriesConflict.REFUSE_ALL
    no_show_after: int | None = field(default=None, validator=at_least_zero)
    no_show_fee: Money | None = field(default=None, validator=money_at_least_zero)
    cancel_notice: int | None = field(default=None, validator=at_least_zero)
    cancel_fee: Money | None = field(default=None, validator=money_at_least_zero)
    deposit: Money | None = field(default=None, validator=money_at_least_zero)
    rent_per_hour: Money | None = field(default=None, validator=money_at_least_zero)
    late_grace: int = field(default=0, validator=at_least_zero)
    late_every: int = field(default=60)
    late_fee: Money | None = field(default=None, validator=money_at_least_zero)
    late_cap: Money | None = field(default=None, validator=money_at_least_zero)
    notices: str | None = None

    def full(self, open_bookings: int) -> bool:
        """Whether a patron with so many open bookings may have no further one."""
        return self.max_open is not None and open_bookings >= self.max_open

    @property
    def passes_over_full(self) -> bool:
        """Whether what comes free is booked at once for who waits, so that those with all their bookings are passed."""
        return self.max_open is not None and self.waiting is WaitingList.BOOK_FIRST

    def __attrs_post_init__(self) -> None:
        if self.late_every < 1:
            raise InvalidValue(f"a late fee every {self.late_every} minutes: give 1 or more")
        if self.min_length is not None and self.max_length is not None and self.min_length > self.max_length:
            raise InvalidValue(f"bookings of {self.min_length} to {self.max_length} minutes: the longest is the longer")


@frozen(kw_only=True)
class BookingPolicy:
    """The terms by name: of a resource's own `terms`, else of its kind, else the default."""

    default: BookingTerms = BookingTerms()
    named: Mapping[str, BookingTerms] = field(factory=dict)
    in_closing: InClosing = InClosing.FLAG


@frozen(kw_only=True)
class JobTerms:
    """The terms of makerspace jobs on one kind of machine."""

    charge: JobCharge = JobCharge.WEIGHT
    failed: FailedJob = FailedJob.FREE
    price_per_hour: Money | None = field(default=None, validator=money_at_least_zero)
    base_price: Money | None = field(default=None, validator=money_at_least_zero)
    certifications: tuple[str, ...] = ()


def terms_for(policy: BookingPolicy, resource: Resource) -> tuple[BookingTerms, tuple[RuleConsidered, ...]]:
    """The terms of a resource, and which names were looked up.

    Raises `InvalidValue` when the resource names terms that the policy does not have.
    """
    if resource.terms:
        if resource.terms not in policy.named:
            known = ", ".join(sorted(policy.named)) or "none"
            raise InvalidValue(f"resource {resource.id} names terms {resource.terms!r}; the policy has {known}")
        return policy.named[resource.terms], (RuleConsidered(resource.terms, True, "1", "named by the resource"),)
    if resource.kind in policy.named:
        return policy.named[resource.kind], (RuleConsidered(resource.kind, True, "2", "of the resource's kind"),)
    lost = RuleConsidered(resource.kind, False, "2", "no terms of this kind")
    return policy.default, (lost, RuleConsidered("default", True, "3", "no other terms"))


def blocked_span(terms: BookingTerms, start: datetime, end: datetime, slot_minutes: int) -> tuple[datetime, datetime]:
    """The span a booking takes, lead and trail included, in whole slots."""
    step = timedelta(minutes=slot_minutes)
    since, until = start - timedelta(minutes=terms.lead), end + timedelta(minutes=terms.trail)
    return EPOCH + (since - EPOCH) // step * step, EPOCH - (EPOCH - until) // step * step


def rent(terms: BookingTerms, minutes: int) -> Money | None:
    """What so many minutes cost, half a minor unit rounded up; None where nothing is charged."""
    return None if terms.rent_per_hour is None else _share(terms.rent_per_hour, minutes, 60)


def late_fee(terms: BookingTerms, booking: Booking, ended_at: datetime) -> Money | None:
    """What ending late costs: a fee for each begun interval after the grace, up to the cap; None for nothing."""
    late = ended_at - booking.end - timedelta(minutes=terms.late_grace)
    if terms.late_fee is None or late <= timedelta():
        return None
    fee = terms.late_fee * -(-late // timedelta(minutes=terms.late_every))
    return fee if terms.late_cap is None else min(fee, terms.late_cap)


def job_price(terms: JobTerms, material: Material, took: Estimate) -> Money | None:
    """What a job costs by weight, by time or both, with the base price; None when nothing of it is priced.

    >>> pla = Material(id="PLA", name="PLA, white", price_per_gram=Money.parse("0.05 EUR"))
    >>> job_price(JobTerms(base_price=Money.parse("1.00 EUR")), pla, Estimate(123, 90))
    Money(162, 'EUR')
    """
    prices = [terms.base_price]
    if terms.charge in (JobCharge.WEIGHT, JobCharge.WEIGHT_AND_TIME) and material.price_per_gram is not None:
        prices.append(_share(material.price_per_gram, took.decigrams, 10))
    if terms.charge in (JobCharge.TIME, JobCharge.WEIGHT_AND_TIME) and terms.price_per_hour is not None:
        prices.append(_share(terms.price_per_hour, took.minutes, 60))
    priced = [price for price in prices if price is not None]
    return sum(priced[1:], priced[0]) if priced and terms.charge is not JobCharge.NOTHING else None


def _share(price: Money, count: int, per: int) -> Money:
    return Money((price.amount * count * 2 + per) // (2 * per), price.currency)
