"""P13: sort keys of call numbers per second, against one regular expression that only splits.

Run with `python benchmarks/p13_sort_keys.py [numbers.txt]`. The list is mixed: per ten numbers about five of LCC, three
of DDC, and one each of NLM and SuDoc, with a few of UDC, ANSCR and running numbers, some with volumes and stamps, some
odd. The floor matches one expression for letters, number, decimal and up to two Cutter numbers and joins the groups:
it knows no schemes, no volumes, no policy, and gives wrong orders. Time is that of the processor, so that other
programs on the machine count less. A file of numbers, one a line, is filed as LCC.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from libops.classification import CallNumber, sort_key

ROUNDS = 9
COUNT = 5000
ONE = re.compile(r"\s*([A-Z]{0,3})\s*(\d+)?(\.\d+)?\s*\.?([A-Z]\d+)?\s*([A-Z]\d+)?\s*(.*)", re.DOTALL)


def made(chance: random.Random) -> tuple[CallNumber, str]:
    """A call number of a mixed collection, and the volume of its item."""
    number, date = chance.randrange(1, 9999), chance.randrange(1950, 2026)
    cutter = f"{chance.choice('ABCDFGHKLMPRSTW')}{chance.randrange(2, 9999)}"
    second = f"{chance.choice('ABCDEFGHJK')}{chance.randrange(2, 99)}"
    volume = f"v.{chance.randrange(1, 60)}" if chance.random() < 0.12 else ""
    draw = chance.random()
    if draw < 0.25:
        text = f"{chance.choice(['QA', 'PS', 'HD', 'B', 'BF', 'PN', 'TK'])}{number} .{cutter} {date}"
        return CallNumber("lcc", text), volume
    if draw < 0.4:
        text = f"{chance.choice(['QA', 'PS', 'HD', 'E'])}{number}.{chance.randrange(1, 99)}.{cutter} {second} {date}"
        return CallNumber("lcc", text), volume
    if draw < 0.48:
        return CallNumber("lcc", f"PZ7.{cutter} {chance.choice(['Lo', 'Har', 'Iaan'])} {date}"), volume
    if draw < 0.78:
        stamp = chance.choice(["", "", "", "", "J ", "REF "])
        decimal = f".{chance.randrange(1, 9999)}" if chance.random() < 0.7 else ""
        book = chance.choice([f" {cutter}", f" {cutter}", " ROW", ""])
        return CallNumber("ddc", f"{stamp}{number % 1000:03}{decimal}{book}"), volume
    if draw < 0.86:
        return CallNumber(
            "nlm", f"{chance.choice(['W', 'WA', 'WB', 'QS', 'QV'])} {number % 900}.{cutter} {date}"
        ), volume
    if draw < 0.94:
        return CallNumber("sudocs", f"A {number % 99}.{number % 40}/{date % 9}:{second[0]} {date}"), ""
    if draw < 0.97:
        return CallNumber("udc", f'{number % 999}(410)"19"'), ""
    return chance.choice([CallNumber("anscr", "ES BEET SYM K67"), CallNumber("local", f"DVD {number}")]), ""


def collection(path: str | None) -> list[tuple[CallNumber, str]]:
    if path:
        return [(CallNumber("lcc", line), "") for line in Path(path).read_text("utf-8").splitlines()]
    chance = random.Random(13)
    return [made(chance) for _ in range(COUNT)]


def subject(items: list[tuple[CallNumber, str]]) -> None:
    """What a library does: one key for each item."""
    for number, volume in items:
        sort_key(number, enumeration=volume)


def floor(items: list[tuple[CallNumber, str]]) -> None:
    """One expression, groups joined."""
    match = ONE.match
    for number, _ in items:
        found = match(number.text)
        if found is not None:
            " ".join(found.groups(""))


def rate(call: Callable[[list[tuple[CallNumber, str]]], None], items: list[tuple[CallNumber, str]]) -> float:
    start = time.process_time()
    call(items)
    return len(items) / (time.process_time() - start)


def main() -> None:
    items = collection(sys.argv[1] if len(sys.argv) > 1 else None)
    rates: dict[str, list[float]] = {"floor": [], "sort_key": []}
    for _ in range(ROUNDS):
        rates["floor"].append(rate(floor, items))
        rates["sort_key"].append(rate(subject, items))
    print(f"{'P13':10} {'median/s':>10} {'min/s':>10} {'max/s':>10}")
    for name, found in rates.items():
        print(f"{name:10} {statistics.median(found):10,.0f} {min(found):10,.0f} {max(found):10,.0f}")
    ratio = statistics.median(b / a for a, b in zip(rates["sort_key"], rates["floor"], strict=True))
    print(f"sort_key costs {ratio:.2f} times the floor")
    if max(rates["floor"]) > 2 * min(rates["floor"]):
        print("The floor moved by more than 2 in this run: noise. Repeat it.")


if __name__ == "__main__":
    main()
