"""The keyboard wedge: a barcode scanner that types what it reads.

A scanner types faster than people do and ends with a suffix, most often Enter. Libraries set a prefix so that a scan
is told from typing. Configured by a profile; the simulator types barcodes as a scanner would, and can be told to
lose the suffix or to use another keyboard layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs
from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.hooks.markers import hookimpl
from libops.hooks.specs.drivers import DeviceKind, Driver, Scan

__all__ = ["KeyboardWedge", "SimulatedWedge", "WedgeProfile", "libops_drivers"]

SYMBOLOGIES = {"A": "code39", "C": "code128", "E": "ean", "F": "codabar", "I": "itf", "Q": "qr", "d": "datamatrix"}
"""AIM identifiers: `]` then a letter for the symbology and a digit for its options (ISO/IEC 15424)."""


@frozen(kw_only=True)
class WedgeProfile:
    """How a scanner is set up.

    `inter_key_timeout` is the longest pause in milliseconds between two characters of one scan; a longer one means
    that the rest was lost. Lengths count the text after the prefix, the AIM identifier and the start and stop
    letters are taken off. Typed text shorter than `min_length` is not a scan.
    """

    prefix: str = ""
    suffix: str = "\r"
    strip_aim: bool = True
    strip_codabar_start_stop: bool = True
    min_length: int = 1
    max_length: int = 64
    inter_key_timeout: int = 100
    repeat_within: int = 0
    """A second scan of the same text within so many milliseconds is dropped as a double read; 0 keeps all."""
    name: str = field(default="keyboard wedge")


class KeyboardWedge:
    """Turns keystrokes into scans."""

    def __init__(self, profile: WedgeProfile) -> None:
        self.profile = profile
        self.buffer = ""
        self.last_key: datetime | None = None
        self.last_scan: Scan | None = None

    def feed(self, received: str, at: datetime) -> list[Scan]:
        """Take keystrokes and return the scans they complete; a scan cut short is returned as `incomplete`."""
        profile, scans = self.profile, []
        pause = timedelta(milliseconds=profile.inter_key_timeout)
        if self.buffer and self.last_key is not None and at - self.last_key > pause:
            scans.append(Scan(self.buffer, "", at, profile.name, "incomplete"))
            self.buffer = ""
        self.last_key = at
        self.buffer += received
        while profile.suffix in self.buffer:
            typed, _, self.buffer = self.buffer.partition(profile.suffix)
            typed = typed.strip("\r\n\x02\x03")
            if typed:
                scans.append(self.scan(typed, at))
        return [scan for scan in scans if not self.is_repeat(scan)]

    def scan(self, typed: str, at: datetime) -> Scan:
        profile, problem, symbology = self.profile, "", ""
        if profile.prefix:
            if not typed.startswith(profile.prefix):
                problem = "incomplete"
            typed = typed.removeprefix(profile.prefix)
        if profile.strip_aim and len(typed) > 3 and typed[0] == "]" and typed[2].isalnum():
            symbology, typed = SYMBOLOGIES.get(typed[1], ""), typed[3:]
        if profile.strip_codabar_start_stop and is_codabar(typed):
            symbology, typed = "codabar", typed[1:-1]
        typed = typed.strip()
        if not profile.min_length <= len(typed) <= profile.max_length:
            problem = "incomplete"
        elif typed and not typed.isascii():
            # A scanner set to another keyboard layout types other characters in place of digits.
            problem = "layout_suspect"
        return Scan(typed, symbology, at, profile.name, problem)

    def is_repeat(self, scan: Scan) -> bool:
        last, self.last_scan = self.last_scan, scan
        within = timedelta(milliseconds=self.profile.repeat_within)
        return last is not None and last.text == scan.text and scan.at - last.at < within

    def close(self) -> None:
        """The keyboard is the system's."""


def is_codabar(text: str) -> bool:
    """Whether a text has Codabar's start and stop letters around digits."""
    return len(text) > 2 and text[0] in "ABCDabcd" and text[-1] in "ABCDabcd" and text[1:-1].replace("-", "").isdigit()


FRENCH_ROW = str.maketrans("1234567890", "&é\"'(-è_çà")
"""What the digit row types on a French keyboard without Shift: the commonest layout fault."""


class SimulatedWedge(KeyboardWedge):
    """A wedge without hardware: `type(barcode, at)` feeds it as a scanner would.

    Faults: `lose_suffix` drops the ending once, `wrong_layout` types on a French keyboard, `jammed` types nothing.
    """

    def __init__(self, profile: WedgeProfile) -> None:
        super().__init__(profile)
        self.faults: set[str] = set()

    def fail(self, fault: str) -> None:
        """Turn a fault on."""
        if fault not in ("lose_suffix", "wrong_layout", "jammed"):
            raise InvalidValue(f"fault {fault!r}: there are 'lose_suffix', 'wrong_layout' and 'jammed'")
        self.faults.add(fault)

    def mend(self) -> None:
        """Turn all faults off."""
        self.faults.clear()

    def type(self, barcode: str, at: datetime) -> list[Scan]:
        """Scan a barcode: its characters come a few milliseconds apart."""
        if "jammed" in self.faults:
            return []
        keys = barcode.translate(FRENCH_ROW) if "wrong_layout" in self.faults else barcode
        keys = self.profile.prefix + keys + ("" if "lose_suffix" in self.faults else self.profile.suffix)
        scans = []
        for number, key in enumerate(keys):
            scans += self.feed(key, at + timedelta(milliseconds=2 * number))
        return scans


def profile_of(options: Mapping[str, Any]) -> WedgeProfile:
    known = {attribute.name for attribute in attrs.fields(WedgeProfile)}
    for name in options:
        if name not in known:
            raise InvalidValue(f"keyboard wedge has no option {name!r}; it has {', '.join(sorted(known))}")
    return WedgeProfile(**options)


@hookimpl
def libops_drivers() -> Iterable[Driver]:
    return [
        Driver(
            "keyboard_wedge",
            DeviceKind.SCANNER,
            lambda options: KeyboardWedge(profile_of(options)),
            lambda options: SimulatedWedge(profile_of(options)),
        )
    ]
