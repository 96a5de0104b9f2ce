"""A library day with tickets, bookings and stocktakes, in any order."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from libops.testing.library_day_stacks import StacksDay

TestStacksDay = StacksDay.TestCase
TestStacksDay.settings = settings(
    max_examples=15, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow], deadline=None
)
