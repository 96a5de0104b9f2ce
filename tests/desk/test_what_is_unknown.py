"""What is not there is named as it was asked for: a slip in a number is seen only if the number is shown."""

from __future__ import annotations

import pytest

import libops
from libops.testing.sample_library import sample_library

ACTS = {
    "bib.unknown": lambda ops, jazz: ops.catalog.restore("no-such-one"),
    "bib.version_unknown": lambda ops, jazz: ops.catalog.revert(jazz, "no-such-one"),
    "authority.unknown": lambda ops, jazz: ops.catalog.authorities.delete("no-such-one"),
    "heading_change.unknown": lambda ops, jazz: ops.catalog.authorities.apply("no-such-one"),
    "match_question.unknown": lambda ops, jazz: ops.catalog.questions.answer("no-such-one", new=True),
    "subscription.unknown": lambda ops, jazz: ops.serials.cancel("no-such-one"),
    "issue.unknown": lambda ops, jazz: ops.serials.receive("no-such-one"),
    "hold.unknown": lambda ops, jazz: ops.holds.cancel("no-such-one", reason="found elsewhere"),
    "barcode.no_item": lambda ops, jazz: ops.items.delete("no-such-one"),
    "barcode.no_patron": lambda ops, jazz: ops.patrons.remove("no-such-one"),
    "item.no_bib": lambda ops, jazz: ops.items.add("no-such-one"),
    "protection.unknown": lambda ops, jazz: ops.inventory.unprotect("no-such-one", list_name="local", why="over"),
    "category.unknown": lambda ops, jazz: ops.patrons.register(name="Ada", category="no-such-one"),
}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("code", ACTS)
def test_a_refusal_shows_what_there_is_none_of(code, language) -> None:
    """In whatever language the desk speaks."""
    with libops.open(language=language) as ops:
        sample_library(ops)
        refused = ACTS[code](ops, next(ops.catalog.all()).id)
        assert [(code, True)] == [(why.code, "no-such-one" in str(why)) for why in refused.reasons]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_both_records_of_a_merge_are_named(language) -> None:
    """Whoever merges two authorities by slips in both numbers sees both."""
    with libops.open(language=language) as ops:
        refused = ops.catalog.authorities.merge("first slip", "second slip")
        assert ["first slip", "second slip"] == [why.data["authority"] for why in refused.reasons]
        assert all(why.data["authority"] in str(why) for why in refused.reasons)
