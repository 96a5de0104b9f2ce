"""What a program hands to an act in error is told before anything is written: the value, and what would be right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

import libops
from libops.base.errors import InvalidValue, LibopsError, NotFound, SettingsError
from libops.base.money import Money
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BOOK, SPARE = "21234000000017", "31234000000014", "31234000000022"
NAIVE = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - the mistake itself
WITH_ZONE = r"give a time with its zone, such as datetime\(2026, 3, 2, 9, 30, tzinfo=UTC\)"

MISTAKES = [
    # A time without its zone would be taken for one of the machine's zone: another due date on another machine.
    (lambda ops: ops.patrons.place_block(ADA, note="lost a key", until=NAIVE), f"until .*{WITH_ZONE} or None"),
    (lambda ops: ops.patrons.place_block(ADA, note="lost a key", until=date(2026, 3, 9)), f"until .*{WITH_ZONE}"),
    (lambda ops: ops.circulation.check_in(item=BOOK, returned_at=NAIVE), f"returned_at .*{WITH_ZONE}"),
    (lambda ops: ops.circulation.change_due(item=BOOK, due=NAIVE, override=set_by_hand()), f"due .*{WITH_ZONE}"),
    (lambda ops: ops.holds.place(patron=ADA, item=BOOK, suspended_until=NAIVE), f"suspended_until .*{WITH_ZONE}"),
    # Text in place of a day would be kept in the record, and each later check-out would fail on it.
    (lambda ops: ops.patrons.change(ADA, expires="2027-01-01"), r"expires '2027-01-01': give a day, such as date\("),
    (
        lambda ops: ops.items.change(BOOK, acquired=NAIVE),
        r"acquired .*: give a day, such as date\(2026, 3, 2\) or None",
    ),
    (lambda ops: ops.holds.place(patron=ADA, item=BOOK, wanted_until=NAIVE), "wanted_until .*: give a day"),
    # A text is a sequence of letters, and never meant so.
    (lambda ops: ops.patrons.change(ADA, channels="email"), "channels 'email': give a tuple of text"),
    (lambda ops: ops.fees.waive(patron=ADA, why="kind", charges="charge-1"), "charges 'charge-1': give a list of text"),
    (lambda ops: libops.open(plugins="libops_mbox"), "plugins 'libops_mbox': give a list"),
    # One of the two would be passed over.
    (lambda ops: libops.open("sqlite:///town.db", join=object()), "both url='sqlite:///town.db' and join"),
    # A number has lost its leading zeros.
    (lambda ops: ops.circulation.check_out(patron=ADA, item=int(BOOK)), f"item {BOOK}: give text: '{BOOK}'"),
    (lambda ops: ops.circulation.check_in(item=int(BOOK)), f"item {BOOK}: give text: '{BOOK}'"),
    (lambda ops: ops.circulation.check_out(patron=None, item=BOOK), "patron None: give text"),
    (lambda ops: ops.patrons.replace_card(ADA, 21234000000041), "card 21234000000041: give text or None: '21234"),
    (lambda ops: ops.fees.pay(patron=ADA, amount=1.5), r"amount 1.5: give Money\(250, 'EUR'\) or text such as"),
    (lambda ops: ops.fees.pay(patron=ADA, amount=5), r"amount 5: give Money\(250, 'EUR'\) or text such as '2.50 EUR'$"),
    (lambda ops: ops.items.change(BOOK, price=12), r"price 12: give Money\(250, 'EUR'\) or None"),
    # An override says who and why; a code alone does not.
    (lambda ops: ops.circulation.check_out(patron=ADA, item=BOOK, override="patron.expired"), "give libops.Override"),
    (lambda ops: ops.circulation.renew(item=BOOK, override=["renewal.limit_reached"]), "give libops.Override"),
    (lambda ops: ops.circulation.check_in(item=BOOK, override="loan.fine_forgiven"), "give libops.Override"),
    (lambda ops: ops.items.withdraw(BOOK, override="item.on_loan"), "override 'item.on_loan': give libops.Override"),
    (
        lambda ops: libops.Override("patron.expired", by="ruth", why="renewed by phone"),
        r"'patron.expired' is one text: give a list, as \['patron.expired'\]",
    ),
    # A field of another name.
    (lambda ops: ops.patrons.register(name="Okafor, Ben", category="adult", expiry=None), "did you mean 'expires'"),
    (lambda ops: ops.patrons.change(ADA, e_mail="ada@example.org"), "no field 'e_mail'.*did you mean 'email'"),
    (lambda ops: ops.items.add("bib-1", callnumber="510 KLE"), "no field 'callnumber'.*did you mean 'call_number'"),
    (lambda ops: ops.items.change(BOOK, id="item-2"), "an item has no field 'id' that is given this way"),
    (lambda ops: ops.equipment.register(name="Laser cutter", kind="laser", warranty="2027"), "warranty_until"),
    (
        lambda ops: ops.bookings.register(name="Study room", kind="room", seats="four"),
        "a resource has no field 'seats'",
    ),
    # A word that is none of those there are.
    (
        lambda ops: ops.equipment.open_ticket(symptom="dark", asset="A-7", impact="grave"),
        "impact 'grave': give Impact.ONE_FUNCTION",
    ),
    (
        lambda ops: ops.equipment.open_ticket(symptom="dark", asset="A-7", severity=1),
        "a ticket has no field 'severity'",
    ),
    (lambda ops: ops.equipment.triage("T-1", safety="yes"), "safety 'yes': give bool"),
    (lambda ops: ops.serials.subscribe("bib-1", kind="annex"), "kind is 'annex'; it is one of basic, supplement"),
    (lambda ops: ops.serials.receive_unexpected("sub-1", kind="annex"), "kind is 'annex'; it is one of basic"),
    (lambda ops: ops.serials.issues("sub-1", state="lost"), "state is 'lost'; it is one of expected, late, claimed"),
    (lambda ops: ops.catalog.authorities.add("city", "Oslo"), "kind is 'city'; it is one of person, corporate_body"),
    # The night's work is brought up to a time that is one everywhere.
    (lambda ops: ops.run_due(NAIVE), f"now .*{WITH_ZONE} or None"),
    (lambda ops: ops.run_due("2026-03-02"), f"now '2026-03-02': {WITH_ZONE}"),
    (lambda ops: ops.run_due(only="fines"), "only 'fines': give a list of text"),
    # A file of records is read as bytes.
    (lambda ops: ops.catalog.import_marc(StringIO("00026     2200025   4500")), "has no bytes to read: give a binary"),
    (
        lambda ops: ops.catalog.import_marc(None),
        r"None has no bytes to read: give a binary stream, as open\(path, 'rb'",
    ),
    # Where a library is opened.
    (lambda ops: libops.open(Path("town.db")), r"storage URL PosixPath\('town.db'\): write text, such as 'sqlite:///"),
    (lambda ops: libops.open(settings=["town.toml"]), r"settings \['town.toml'\]: give Settings or Mapping or text"),
    (lambda ops: libops.open(clock=NAIVE), "give a function that returns the time"),
    (lambda ops: libops.open(clock=lambda: NAIVE), r"clock\(\) returned .*: a time with its zone is needed"),
]


def set_by_hand() -> libops.Override:
    return libops.Override(["loan.due_by_hand"], by="ruth", why="exam", rights=["loan.change_due"])


@pytest.mark.parametrize("store", ["memory:", "sqlite"])
@pytest.mark.parametrize(("mistaken", "told"), MISTAKES, ids=[told[:24] for _, told in MISTAKES])
def test_a_mistake_is_told_with_its_value_and_nothing_is_written(mistaken, told, store, tmp_path) -> None:
    """Whatever the store is: one that keeps text must not accept what one in memory refuses, nor the reverse."""
    url = store.replace("sqlite", f"sqlite:///{tmp_path}/town.db")
    with libops.open(url, clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        before = len(list(ops.events))
        with pytest.raises(InvalidValue, match=told):
            mistaken(ops)
        assert before == len(list(ops.events))


def test_right_arguments_pass() -> None:
    """Days, times of any zone, money as text, lists and tuples where several are asked for."""
    clock = FrozenClock()
    with libops.open(clock=clock, ids=CountingIds()) as ops:
        sample_library(ops)
        assert ops.patrons.change(ADA, expires=date(2031, 1, 1), channels=("email",), email="ada@example.org")
        later = (clock() + timedelta(days=3)).astimezone()
        assert ops.patrons.place_block(ADA, note="lost a key", until=later, actions=())
        assert ops.items.change(BOOK, price=Money(1250, "EUR"), acquired=None)
        assert ops.fees.charge(patron=ADA, amount="2.50 EUR")
        assert ops.fees.waive(patron=ADA, why="first time", charges=[])
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        due = datetime(2026, 9, 1, 12, tzinfo=UTC)
        assert ops.circulation.change_due(item=BOOK, due=due, override=set_by_hand())


@pytest.mark.parametrize(
    "act",
    [
        lambda ops: ops.circulation.check_in(item=SPARE, library="EATS"),
        lambda ops: ops.circulation.check_in(item=BOOK, library="EATS"),
        lambda ops: ops.circulation.check_out(patron=ADA, item=SPARE, library="EATS"),
        lambda ops: ops.transits.send(SPARE, "EATS"),
        lambda ops: ops.in_house.count(item=SPARE, library="EATS"),
        lambda ops: ops.closings.announce("EATS", date(2026, 3, 9), date(2026, 3, 9)),
        lambda ops: ops.holds.pull_list("EATS"),
        lambda ops: ops.holds.ready_at("EATS"),
        lambda ops: ops.holds.next_for(SPARE, library="EATS"),
        lambda ops: ops.transits.on_the_way_to("EATS"),
    ],
)
def test_a_library_that_the_settings_do_not_know_is_told_before_anything_is_done(act) -> None:
    """A return there would send the item on its way home from nowhere, and an empty pull list would be believed."""
    with libops.open(clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        before = len(list(ops.events))
        with pytest.raises(NotFound, match="no library 'EATS'; the settings name MAIN"):
            act(ops)
        assert before == len(list(ops.events))


def test_after_a_mistaken_run_the_next_one_runs() -> None:
    """The mistake leaves nothing behind in the program either."""
    with libops.open(clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        with pytest.raises(InvalidValue):
            ops.run_due("2026-03-02")
        assert ops.run_due().steps


def test_an_export_where_no_folder_can_be_is_told(tmp_path) -> None:
    """With the path: nobody knows from the operating system's error alone what was wanted there."""
    (tmp_path / "out").write_text("a file, and no folder", encoding="utf-8")
    with libops.open(clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        with pytest.raises(LibopsError, match=r"cannot write the export .*out'"):
            ops.export(tmp_path / "out")


def test_blanks_around_a_barcode_are_named() -> None:
    """A line that was read from a file ends in a line break; the answer says so, and does not deny the card."""
    with libops.open(clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        answer = ops.circulation.check_out(patron=f"{ADA}\n", item=BOOK)
        assert f"'{ADA}' with blanks around it" in str(answer.reasons[0])


def test_a_folder_is_no_settings_file(tmp_path) -> None:
    """With its name, and what would be right."""
    with pytest.raises(SettingsError, match="cannot be read: Is a directory; give the path of a TOML file"):
        libops.open(settings=tmp_path)


def test_options_are_those_of_a_channel_and_not_of_a_kind_of_message() -> None:
    """Passed over, they would leave the letters of the file channel wherever the program was started."""
    with pytest.raises(InvalidValue, match=r"channel_options for 'email', which is no channel: .* of console, file"):
        libops.open(channels={"email": "file"}, channel_options={"email": {"folder": "letters"}})


def test_a_channel_that_is_not_there_is_in_the_log(caplog) -> None:
    """A slip in its name, or a plugin that could not be had: messages would wait, and nobody would know for what."""
    with libops.open(channels={"email": "mbocks"}):
        pass
    told = "email is to go by 'mbocks', which is no channel, and waits: name one of console, file, smtp"
    assert [told] == caplog.messages
    with pytest.raises(InvalidValue, match="channels"):
        libops.open(channels=["email"])
