"""The scanner contract: whole scans come out, however the port delivers them, and faults can be tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libops.base.errors import LibopsError
from libops.hooks.loader import load
from libops.hooks.specs.drivers import DeviceKind, Driver, Scan, Scanner

__all__ = ["ScannerContract"]

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
LABEL = "31234000000014"


class ScannerContract:
    """Inherit, name the driver, say what its port delivers for a barcode, and run pytest.

    `faults` are those that the simulator can be told to have with `fail(fault)`, until `mend()`; its `type(barcode,
    at)` scans as the device would. `simulated = True` proves the simulator in place of the device.
    """

    plugins: ClassVar[Sequence[str]] = ()
    name: ClassVar[str]
    faults: ClassVar[Sequence[str]] = ()
    simulated: ClassVar[bool] = False

    def options(self) -> Mapping[str, Any]:
        """The device's options."""
        return {}

    def delivered(self, barcode: str) -> str:
        """What the port delivers when this barcode is scanned."""
        return f"{barcode}\r"

    @property
    def driver(self) -> Driver:
        """The driver under test."""
        return load(self.plugins).driver(self.name)

    def scanner(self) -> Scanner:
        """The scanner, or its simulator, open."""
        driver = self.driver
        opened: Scanner = (driver.simulate if self.simulated else driver.open)(self.options())
        return opened

    def good(self, scans: Sequence[Scan]) -> list[str]:
        """The texts of the scans in which nothing is odd."""
        return [scan.text for scan in scans if not scan.problem]

    def test_101_the_driver_is_one_of_a_scanner(self) -> None:
        """Settings find it by its kind."""
        assert DeviceKind.SCANNER is self.driver.kind

    def test_102_an_unknown_option_is_told(self) -> None:
        """A misspelt key of the settings is not passed over."""
        with pytest.raises(LibopsError, match="sufixx"):
            self.driver.open({**self.options(), "sufixx": "\r"})

    def test_201_a_barcode_comes_out_as_it_was_scanned(self) -> None:
        """Text, time and source."""
        scans = self.scanner().feed(self.delivered(LABEL), NOW)
        assert [(LABEL, NOW)] == [(scan.text, scan.at) for scan in scans]
        assert scans[0].source

    def test_202_leading_zeros_live(self) -> None:
        """A barcode is text."""
        assert ["00012345"] == self.good(self.scanner().feed(self.delivered("00012345"), NOW))

    def test_203_a_scan_waits_until_it_is_whole(self) -> None:
        """Half a barcode is none."""
        scanner, keys = self.scanner(), self.delivered(LABEL)
        assert [] == scanner.feed(keys[:6], NOW)
        assert [LABEL] == self.good(scanner.feed(keys[6:], NOW))

    @settings(suppress_health_check=[HealthCheck.differing_executors])
    @given(st.lists(st.text("0123456789", min_size=4, max_size=14), min_size=1, max_size=5), st.data())
    def test_204_however_the_port_cuts_the_stream_the_scans_are_the_same(self, barcodes: list[str], data: Any) -> None:
        """Reading character by character or all at once changes nothing."""
        stream = "".join(map(self.delivered, barcodes))
        cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
        scanner = self.scanner()
        scans: list[Scan] = []
        for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
            scans += scanner.feed(stream[start:end], NOW)
        assert barcodes == self.good(scans)

    def test_205_closing_twice_is_harmless(self) -> None:
        """A host that closes in two places does no harm."""
        scanner = self.scanner()
        scanner.close()
        scanner.close()

    def test_301_the_simulator_scans_as_the_device_does(self) -> None:
        """A desk can be tried out without hardware."""
        simulated = self.driver.simulate(self.options())
        assert [LABEL] == self.good(simulated.type(LABEL, NOW))

    def test_302_each_fault_can_be_tried_and_mended(self) -> None:
        """While a fault is on, no good scan comes out; afterwards they do again."""
        for fault in self.faults:
            simulated = self.driver.simulate(self.options())
            simulated.fail(fault)
            assert [] == self.good(simulated.type(LABEL, NOW))
            simulated.mend()
            later = datetime(2026, 3, 3, 11, tzinfo=UTC)
            assert LABEL in self.good(simulated.type(LABEL, later))

    def test_303_an_unknown_fault_is_told(self) -> None:
        """A misspelt fault would make a test that cannot fail."""
        with pytest.raises(LibopsError, match="on_fire"):
            self.driver.simulate(self.options()).fail("on_fire")
