"""Sections D and F, notices and privacy: every option has a test that sets each of its answers and tells it apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest

from libops.circulation.policy.holds import HoldPolicy, HoldSettings, RecallPolicy
from libops.circulation.policy.privacy import PrivacyPolicy
from libops.circulation.policy.returns import ReturnSettings
from libops.fees.policy import AccountPolicy, LostPolicy
from libops.notices.policy import NoticePolicy

POLICIES = (
    HoldPolicy,
    HoldSettings,
    RecallPolicy,
    ReturnSettings,
    LostPolicy,
    AccountPolicy,
    NoticePolicy,
    PrivacyPolicy,
)
PLACING, LIFE, MATCHING = "tests/holds/test_placing.py", "tests/holds/test_life.py", "tests/holds/test_matching.py"
LOST, ACCOUNTS = "tests/desk/test_lost_items.py", "tests/options/test_accounts.py"

TRIED: Mapping[str, str] = {
    "HoldScope": f"{PLACING}::test_each_answer_about_whose_items_may_fill",
    "OnShelf": f"{PLACING}::test_each_answer_about_items_on_the_shelf",
    "ItemLevel": f"{PLACING}::test_each_answer_about_holds_on_single_items",
    "PickupMatch": f"{PLACING}::test_pickup_must_match",
    "SuspendedCounting": f"{PLACING}::test_suspended_holds_count_as_the_policy_says",
    "ClosedDays": f"{LIFE}::test_shelf_time_in_calendar_days_and_in_open_days",
    "SecondScan": f"{LIFE}::test_a_second_check_in_and_the_shelf_time",
    "ExpiryRun": f"{LIFE}::test_when_the_end_of_the_shelf_time_is_acted_upon",
    "NextInLine": f"{LIFE}::test_the_next_in_line_gets_the_item_at_once_or_when_it_is_scanned",
    "UnknownAge": f"{PLACING}::test_an_unknown_birth_date_and_an_age_limit",
    "Question": "tests/holds/test_placing.py::test_an_age_limit_of_holds",
    "QueueKey": f"{MATCHING}::test_the_nearer_pickup_library_comes_first",
    "LocalOf": f"{MATCHING}::test_local_holds_first",
    "LocalTo": f"{MATCHING}::test_local_holds_first",
    "AfterLoops": "tests/holds/test_targeting.py::test_after_so_many_rounds_nobody_is_asked",
    "ClosedLibraries": "tests/holds/test_targeting.py::test_a_closed_library_is_asked_or_not",
    "ReturnTo": "tests/holds/test_between_libraries.py::test_where_an_item_goes_that_came_back_elsewhere",
    "RuleLibrary": "tests/options/test_whose_library.py::test_whose_rule_says_what_a_lost_item_gives_back",
    "LossCause": f"{LOST}::test_what_a_loss_costs",
    "LostCost": f"{LOST}::test_what_a_loss_costs",
    "OverdueWhenLost": f"{LOST}::test_the_fine_so_far_is_kept_or_dropped",
    "LostRefund": f"{LOST}::test_what_goes_back_when_a_lost_item_returns",
    "RefundClock": "tests/desk/test_options_at_the_desk.py::"
    "test_the_period_of_a_refund_counts_from_the_loss_or_from_the_payment",
    "ProcessingFeeOnReturn": f"{LOST}::test_the_processing_fee_is_kept_or_goes_back",
    "OverdueOnLostReturn": f"{LOST}::test_the_fine_when_a_lost_item_returns",
    "LoanAfterLoss": f"{LOST}::test_a_loss_ends_the_loan_or_keeps_it_open",
    "LossEnd": "tests/desk/test_the_end_of_a_loss.py::test_when_a_loss_is_over",
    "AllocationOrder": f"{ACCOUNTS}::test_which_charge_a_payment_settles_first",
    "Overpayment": f"{ACCOUNTS}::test_paying_more_than_is_open",
    "NegativeBalance": f"{ACCOUNTS}::test_whether_a_patron_may_end_with_a_credit",
    "RefundTo": f"{ACCOUNTS}::test_where_a_refund_goes",
    "FinesInClosing": "tests/options/test_closings.py::test_fines_charged_for_the_closed_days",
    "Timing": "tests/notices/test_timing.py::test_a_courtesy_notice_comes_the_days_before",
    "Counted": "tests/notices/test_timing.py::test_open_days_only",
    "Digest": "tests/notices/test_planning.py::test_without_a_digest_each_loan_has_its_message",
    "OnClosedDays": "tests/notices/test_timing.py::test_a_notice_waits_for_the_next_open_day",
    "Keep": "tests/desk/test_privacy.py::test_the_patron_decides",
}
"""Where each option is tried, by the name of its type."""
AS_IT_COMES = frozenset({"ANYWHERE", "NO", "SEND", "ALWAYS", "NOTHING", "ALL_DAYS", "DAY", "UPON"})
"""Answers that hold where nothing is set, so that a test need not name them."""
NO_ANSWER = frozenset({"Trigger", "Cause"})
"""Not chosen between: what a notice is about, what a charge is for."""


def enums_in(cls: Any, seen: set[type]) -> Iterator[type[Enum]]:
    """Every option type that settings of this class hold, however deep."""
    if isinstance(cls, UnionType) or get_origin(cls) is not None:
        for part in get_args(cls):
            yield from enums_in(part, seen)
    elif isinstance(cls, type) and issubclass(cls, Enum):
        yield cls
    elif isinstance(cls, type) and attrs.has(cls) and cls.__module__.startswith("libops.") and cls not in seen:
        seen.add(cls)
        for hint in get_type_hints(cls).values():
            yield from enums_in(hint, seen)


def options_of(policy: type) -> list[type[Enum]]:
    found = {option.__name__: option for option in enums_in(policy, set()) if "libops.base" not in option.__module__}
    return [option for name, option in sorted(found.items()) if name not in NO_ANSWER]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.__name__)
def test_every_option_is_tried_with_each_of_its_answers(policy: type) -> None:
    """An option that is added has its line here; each answer stands in the test file that tries it."""
    root = Path(__file__).resolve().parents[2]
    missing = []
    for option in options_of(policy):
        place, _, name = TRIED[option.__name__].partition("::")
        text = (root / place).read_text(encoding="utf-8")
        assert f"def {name}(" in text, TRIED[option.__name__]
        for member in option:
            spellings = (f'"{member.value}"', f"{option.__name__}.{member.name}")
            if member.name not in AS_IT_COMES and not any(each in text for each in spellings):
                missing.append(f"{option.__name__}.{member.name} in {place}")
    assert [] == missing
