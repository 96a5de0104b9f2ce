"""Hypothesis strategies for what every room shares: periods, calendars, instants, barcodes, money."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from libops.base.barcodes import library14
from libops.base.calendars import Calendar, Hours, SpecialDays, WeeklyHours
from libops.base.money import Money
from libops.base.periods import Period, Unit

__all__ = [
    "ZONES",
    "calendars",
    "day_hours",
    "instants",
    "item_barcodes",
    "money",
    "patron_barcodes",
    "periods",
    "special_days",
    "weekly_hours",
]

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
"""Zones with an hour, half an hour and no clock change, and one 5:45 ahead of UTC."""

FIRST_INSTANT = datetime(2024, 1, 1, tzinfo=UTC)
MINUTES_OF_FOUR_YEARS = 4 * 365 * 1440


def periods(*, units: tuple[Unit, ...] = tuple(Unit), longest: int = 60) -> st.SearchStrategy[Period]:
    """Loan periods of the given units, from 0 up to `longest` of them."""
    return st.builds(Period, st.integers(0, longest), st.sampled_from(units))


def instants() -> st.SearchStrategy[datetime]:
    """UTC instants on whole minutes from 2024 to 2027."""
    return st.integers(0, MINUTES_OF_FOUR_YEARS).map(lambda minutes: FIRST_INSTANT + timedelta(minutes=minutes))


@st.composite
def day_hours(draw: st.DrawFn) -> tuple[Hours, ...]:
    """The hours of one day: closed, one to three spans, perhaps past midnight."""
    marks = sorted(draw(st.sets(st.integers(0, 95), max_size=6)))
    clocks = [time(mark // 4, mark % 4 * 15) for mark in marks]
    spans = [Hours(opens, closes) for opens, closes in zip(clocks[::2], clocks[1::2], strict=False)]
    if len(clocks) % 2:
        spans.append(Hours(clocks[-1], time(draw(st.integers(0, min(3, clocks[-1].hour))))))
    return tuple(spans)


def weekly_hours() -> st.SearchStrategy[WeeklyHours]:
    """Ordinary weeks, from closed on all days to open on all."""
    return st.builds(WeeklyHours, *[st.one_of(st.just(()), day_hours())] * 7)


@st.composite
def special_days(draw: st.DrawFn) -> SpecialDays:
    """A closing or special hours, for a day or a few weeks, once or every year."""
    first = draw(st.dates(date(2023, 1, 1), date(2027, 12, 31)))
    last = draw(st.one_of(st.none(), st.integers(0, 60).map(lambda days: first + timedelta(days))))
    return SpecialDays(first, last, draw(st.one_of(st.just(()), day_hours())), draw(st.booleans()))


def calendars(
    *, zones: tuple[str, ...] = ZONES, weekly: st.SearchStrategy[WeeklyHours] | None = None
) -> st.SearchStrategy[Calendar]:
    """Calendars of libraries in several zones, some of them never open."""
    return st.builds(
        Calendar,
        st.sampled_from(zones),
        weekly_hours() if weekly is None else weekly,
        st.lists(special_days(), max_size=3).map(tuple),
        st.sampled_from((time(0), time(3), time(4, 30))),
    )


def _barcodes(kind: str) -> st.SearchStrategy[str]:
    bodies = st.integers(0, 10**8 - 1).map(lambda serial: f"{kind}1234{serial:08}")
    return bodies.map(lambda body: body + library14.check_digit(body))


def item_barcodes() -> st.SearchStrategy[str]:
    """14-digit item barcodes of one institution, with their check digit."""
    return _barcodes("3")


def patron_barcodes() -> st.SearchStrategy[str]:
    """14-digit patron cards of one institution, with their check digit."""
    return _barcodes("2")


def money(*, currency: str = "EUR", least: int = 0, most: int = 100_000) -> st.SearchStrategy[Money]:
    """Amounts in one currency, in its minor units."""
    return st.integers(least, most).map(lambda minor: Money(minor, currency))
