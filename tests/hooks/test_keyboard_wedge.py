"""A scanner that types: whole scans come out, whatever the port delivers, and odd ones say what is odd."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.hooks import load

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)


def wedge(**options):
    return load().driver("keyboard_wedge").open(options)


def simulated(**options):
    return load().driver("keyboard_wedge").simulate(options)


def texts(scans):
    return [(scan.text, scan.problem) for scan in scans]


def test_a_scan_ends_with_its_suffix() -> None:
    """Characters wait until Enter comes."""
    scanner = wedge()
    assert [] == scanner.feed("31234000", NOW)
    assert [("31234000000014", "")] == texts(scanner.feed("000014\r", NOW))


def test_two_scans_in_one_read_are_two() -> None:
    """The port may deliver more than one line at once."""
    assert [("31234000000014", ""), ("31234000000022", "")] == texts(
        wedge().feed("31234000000014\r\n31234000000022\r\n", NOW)
    )


def test_leading_zeros_live() -> None:
    """A barcode is text."""
    assert [("00012345", "")] == texts(wedge().feed("00012345\r", NOW))


def test_symbology_and_start_letters_are_taken_off() -> None:
    """An AIM prefix names the symbology; Codabar's start and stop letters are no part of the number."""
    scans = wedge().feed("]F0A31234000000014B\r", NOW)
    assert [("31234000000014", "codabar")] == [(scan.text, scan.symbology) for scan in scans]


def test_a_pause_in_the_middle_is_an_incomplete_scan() -> None:
    """The rest was lost: the next scan must not be glued to it."""
    scanner = wedge(inter_key_timeout=50)
    scanner.feed("31234", NOW)
    scans = scanner.feed("31234000000022\r", NOW + timedelta(seconds=2))
    assert [("31234", "incomplete"), ("31234000000022", "")] == texts(scans)


def test_typing_without_the_prefix_is_told_apart() -> None:
    """A prefix set in the scanner tells a scan from a person who types."""
    assert [("312", "incomplete")] == texts(wedge(prefix="~").feed("312\r", NOW))
    assert [("312", "")] == texts(wedge(prefix="~").feed("~312\r", NOW))


def test_a_double_read_is_dropped() -> None:
    """A finger that stays on the trigger."""
    scanner = wedge(repeat_within=500)
    assert 1 == len(scanner.feed("31234000000014\r", NOW))
    assert 0 == len(scanner.feed("31234000000014\r", NOW + timedelta(milliseconds=200)))


def test_the_simulator_fails_on_demand() -> None:
    """Each fault that a desk meets can be tried without a scanner."""
    scanner = simulated()
    assert [("31234000000014", "")] == texts(scanner.type("31234000000014", NOW))
    scanner.fail("wrong_layout")
    assert ["layout_suspect"] == [problem for _, problem in texts(scanner.type("31234000000014", NOW))]
    scanner.mend()
    scanner.fail("jammed")
    assert [] == scanner.type("31234000000014", NOW)
    scanner.mend()
    scanner.fail("lose_suffix")
    assert [] == scanner.type("31234000000014", NOW)
    scanner.mend()
    later = NOW + timedelta(seconds=5)
    assert [("31234000000014", "incomplete"), ("31234000000022", "")] == texts(scanner.type("31234000000022", later))
    with pytest.raises(InvalidValue, match="wrong_layout"):
        scanner.fail("on_fire")


def test_an_unknown_option_names_those_there_are() -> None:
    """A misspelt key of the settings."""
    with pytest.raises(InvalidValue, match="suffix"):
        wedge(sufix="\r")


@given(st.lists(st.text("0123456789", min_size=4, max_size=14), min_size=1, max_size=5), st.data())
def test_however_the_port_cuts_the_stream_the_scans_are_the_same(barcodes, data) -> None:
    """Reading byte by byte or all at once changes nothing."""
    stream = "".join(f"{barcode}\r" for barcode in barcodes)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    scanner, scans = wedge(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        scans += scanner.feed(stream[start:end], NOW)
    assert [(barcode, "") for barcode in barcodes] == texts(scans)
