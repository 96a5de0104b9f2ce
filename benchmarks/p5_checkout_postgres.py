"""P5, P6: a checkout through the whole API on PostgreSQL, against seven round trips written by hand with psycopg.

P5 is one client; P6 is the throughput of four processes at once, where more is better. Both sides commit durably on
the same server, which is started for the run. The floor knows no rules.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from statistics import median
from typing import Any

import psycopg
from harness import NOISE, Case, compare, judged
from lending import LendingDesk

import libops
from libops_postgres.trial import trial_server

ITEMS = 400
CLIENTS = 4
EACH = 50
ROUNDS = 7

TABLES = """
CREATE SCHEMA by_hand;
SET search_path = by_hand;
CREATE TABLE patron (card text PRIMARY KEY, name text, category text, expires date, loans integer);
CREATE TABLE item (barcode text PRIMARY KEY, bib text, type text, status text);
CREATE TABLE loan (barcode text PRIMARY KEY, card text, out timestamptz, due timestamptz);
CREATE INDEX loan_by_card ON loan (card, due);
CREATE TABLE event (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, name text, body jsonb);
"""


class ByHand:
    """The floor: BEGIN, two reads, three writes, COMMIT."""

    def __init__(self, url: str, first: int = 0, *, make: bool = True) -> None:
        self.first = first
        self.connection = psycopg.connect(url, autocommit=True)
        if make:
            self.connection.execute(TABLES)
        self.connection.execute("SET search_path = by_hand")
        numbers = range(first, first + ITEMS)
        rows = [(f"3999900{number:07}",) for number in numbers]
        cards = [(f"2999900{first + number:07}",) for number in range(100)]
        with self.connection.cursor() as cursor:
            cursor.executemany("INSERT INTO item VALUES (%s, 'b1', 'book', 'ok')", rows)
            cursor.executemany("INSERT INTO patron VALUES (%s, 'Ada', 'adult', '2027-01-01', 0)", cards)

    def before(self, count: int) -> None:
        """Take back what is out."""
        self.connection.execute("DELETE FROM loan WHERE barcode >= %s AND barcode < %s", self.barcodes())

    def barcodes(self) -> tuple[str, str]:
        return f"3999900{self.first:07}", f"3999900{self.first + ITEMS:07}"

    def run(self, count: int) -> None:
        """Lend `count` items."""
        execute = self.connection.execute
        for number in range(count):
            card, barcode = f"2999900{self.first + number % 100:07}", f"3999900{self.first + number:07}"
            body = f'{{"card":"{card}","item":"{barcode}"}}'
            execute("BEGIN")
            execute("SELECT name, category, expires, loans FROM patron WHERE card = %s", (card,)).fetchone()
            execute("SELECT bib, type, status FROM item WHERE barcode = %s", (barcode,)).fetchone()
            execute("INSERT INTO loan VALUES (%s, %s, now(), now() + interval '28 days')", (barcode, card))
            execute("UPDATE patron SET loans = loans + 1 WHERE card = %s", (card,))
            execute("INSERT INTO event (at, name, body) VALUES (now(), 'CheckedOut', %s)", (body,))
            execute("COMMIT")


def opened(url: str, tenant: str) -> libops.Operations:
    mark = "&" if "?" in url else "?"
    return libops.open(f"{url}{mark}tenant={tenant}&pool=1", plugins=["libops_postgres"])


def client(kind: str, url: str, number: int, gate: Any, done: Any) -> None:
    """One process of a round: lends its own items and says when it began and ended."""
    subject: Any
    if kind == "by hand":
        subject = ByHand(url, number * ITEMS, make=False)
    else:
        subject = LendingDesk(opened(url, "throughput"), items=EACH, patrons=EACH, first=number * ITEMS)
    for _ in range(ROUNDS + 1):
        subject.before(0)
        gate.wait()
        begun = time.perf_counter()
        subject.run(EACH)
        done.put((begun, time.perf_counter()))
        gate.wait()


class Team:
    """Four processes of one kind, held at a gate between rounds; the first round warms up and does not count."""

    def __init__(self, kind: str, url: str) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.gate, self.done = spawn.Barrier(CLIENTS + 1), spawn.Queue()
        each = [(kind, url, number, self.gate, self.done) for number in range(1, CLIENTS + 1)]
        self.clients = [spawn.Process(target=client, args=arguments, daemon=True) for arguments in each]
        for process in self.clients:
            process.start()

    def round(self) -> float:
        """Loans per second."""
        self.gate.wait(120)
        times = [self.done.get(timeout=120) for _ in range(CLIENTS)]
        self.gate.wait(120)
        return CLIENTS * EACH / (max(end for _, end in times) - min(begun for begun, _ in times))


def throughput(url: str) -> None:
    """P6: loans per second of four processes, by hand and through libops in turn."""
    teams = {kind: Team(kind, url) for kind in ("by hand", "libops")}
    found: dict[str, list[float]] = {kind: [] for kind in teams}
    for number in range(ROUNDS + 1):
        for kind, team in teams.items():
            rate = team.round()
            if number:
                found[kind].append(rate)
    for kind, rates in found.items():
        print(f"{kind:<44}{median(rates):>12.0f}{min(rates):>10.0f}{max(rates):>10.0f}  loans per second")
    ratio = median(found["libops"]) / median(found["by hand"])
    noisy = ", noisy" if max(found["by hand"]) > NOISE * min(found["by hand"]) else ""
    print(f"= P6 {ratio:.2f}x {judged('P6', ratio, more_is_better=True)}{noisy}")


def main() -> int:
    with trial_server() as url:
        floor = ByHand(url)
        ops = opened(url, "one")
        desk = LendingDesk(ops, items=ITEMS)
        cases = [
            Case("seven round trips by hand", floor.run, floor.before, most=ITEMS),
            Case("libops check_out", desk.run, desk.before, most=ITEMS),
        ]
        compare("P5", cases, rounds=15)
        opened(url, "throughput").close()
        throughput(url)
        ops.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
