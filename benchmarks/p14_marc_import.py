"""P14: reading a file of MARC records that loses nothing, against bare pymarc on the same bytes.

Run with `python benchmarks/p14_marc_import.py [FILE.mrc ...]`. Without files, the shipped sample catalog is read as it
is (UTF-8) and as MARC-8 made of it. Both sides make one record value for each record; the subject also accounts for
every byte, checks the directory and normalizes to NFC. `to stored record` adds the facts of the catalog and its hash,
which the floor does not have. Peak memory is what Python allocates while a file of about 40 MB streams through.
"""

from __future__ import annotations

import statistics
import sys
import tracemalloc
from collections.abc import Callable
from importlib.resources import files
from io import BytesIO
from time import process_time
from unicodedata import normalize

import pymarc
from pymarc import marc8_mapping

from libops.base.ids import BibId
from libops.catalog.marc import Ok, Rescued, iso2709_bytes, read, to_bib

ROUNDS = 9
MARC_8 = {point: bytes([byte]) for byte, (point, _) in marc8_mapping.CODESETS[0x45].items()}
MARC_8 |= {point: bytes([byte]) for byte, (point, _) in marc8_mapping.CODESETS[0x42].items()}


def sample() -> bytes:
    return files("libops").joinpath("cli/sample/catalog.mrc").read_bytes()


def in_marc8(text: str) -> bytes:
    """The text with marks before their letters; what MARC-8 lacks becomes a question mark."""
    out: list[bytes] = []
    for char in normalize("NFD", text):
        byte = MARC_8.get(ord(char), b"?")
        if "\u0300" <= char <= "\u036f" and out:
            out.insert(len(out) - 1, byte)
        else:
            out.append(byte)
    return b"".join(out)


def marc8_of(blob: bytes) -> bytes:
    """The same records in MARC-8."""
    out = []
    for outcome in read(blob):
        if not isinstance(outcome, Ok):
            continue
        raw = iso2709_bytes(outcome.record)
        base = int(raw[12:17])
        parts = [in_marc8(part.decode()) for part in raw[base:-2].split(b"\x1e")]
        directory, at = [], 0
        for found, part in zip(outcome.record.fields, parts, strict=True):
            directory.append(b"%s%04d%05d" % (found.tag.encode(), len(part) + 1, at))
            at += len(part) + 1
        head = b"%05d%s %s" % (base + at + 1, raw[5:9], raw[10:24])
        out.append(head + b"".join(directory) + b"\x1e" + b"\x1e".join(parts) + b"\x1e\x1d")
    return b"".join(out)


def bare(blob: bytes) -> int:
    return sum(1 for record in pymarc.MARCReader(BytesIO(blob), hide_utf8_warnings=True) if record is not None)


def robust(blob: bytes) -> int:
    return sum(1 for outcome in read(BytesIO(blob)) if isinstance(outcome, Ok | Rescued))


def stored(blob: bytes) -> int:
    bibs = (to_bib(outcome.record, BibId("b")) for outcome in read(BytesIO(blob)) if isinstance(outcome, Ok | Rescued))
    return sum(1 for _ in bibs)


CASES: dict[str, Callable[[bytes], int]] = {"pymarc": bare, "libops": robust, "libops to stored record": stored}


def compare(name: str, blob: bytes) -> None:
    """All cases once per round, in turn; the ratio is that of records per CPU-second."""
    found: dict[str, list[float]] = {case: [] for case in CASES}
    for _ in range(ROUNDS):
        for case, work in CASES.items():
            start = process_time()
            count = work(blob)
            found[case].append(count / (process_time() - start))
    floor = statistics.median(found["pymarc"])
    print(f"{name}: {len(blob) / 1e6:.1f} MB")
    for case, speeds in found.items():
        middle = statistics.median(speeds)
        print(f"  {case:24} {middle:8.0f} records/s ({min(speeds):.0f} to {max(speeds):.0f})  {middle / floor:.2f}x")
    if max(found["pymarc"]) / min(found["pymarc"]) > 2:
        print("  the floor varies more than twofold: run again on a quieter machine")


class Repeated:
    """The same bytes again and again, as a stream."""

    def __init__(self, blob: bytes, times: int) -> None:
        self.blob, self.left, self.at = blob, times, 0

    def read(self, size: int) -> bytes:
        if self.at >= len(self.blob):
            self.left, self.at = self.left - 1, 0
        if self.left <= 0:
            return b""
        part = self.blob[self.at : self.at + size]
        self.at += len(part)
        return part


def peak(blob: bytes) -> None:
    times = max(1, 40_000_000 // len(blob))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in read(Repeated(blob, times)):  # type: ignore[arg-type]
        pass
    most = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    print(f"peak memory over {times * len(blob) / 1e6:.0f} MB: {most / 1e6:.1f} MB")


def main() -> int:
    given = {path: open(path, "rb").read() for path in sys.argv[1:]}  # noqa: SIM115
    blobs = given or {"sample catalog, UTF-8": sample(), "sample catalog, MARC-8": marc8_of(sample())}
    for name, blob in blobs.items():
        compare(name, blob)
    peak(next(iter(blobs.values())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
