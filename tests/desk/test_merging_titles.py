"""Two records of one title become one: what hangs on the one that goes is found under the one that stays."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

import libops
from libops.base.decisions import Override
from libops.base.errors import InvalidValue
from libops.base.ids import BibId, HoldingsId, LibraryCode
from libops.catalog.events import HoldingsAdded
from libops.catalog.model import Holdings
from libops.catalog.serials.model import SerialIssue, Subscription
from libops.circulation.events import HoldRetitled, LoanRetitled
from libops.circulation.model import Hold, HoldPlace, HoldState, Loan, ReadyHold, Transit
from libops.cli.main import main
from libops.desk.reads import Reads
from libops.desk.settings.loading import default_settings
from libops.inventory.model import Protection
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import PATRONS, sample_library
from libops.testing.watched_town import BOOK, OTHER
from libops.testing.watched_town import Town as Watched

SECOND = Override(["subscription.known"], "ruth", "for the reading room")
ADA, BEN, CLARA = (card for card, _, _ in PATRONS[:3])


def record(number: str, title: str, *isbns: str) -> bytes:
    found = [{"001": number}, {"003": "XxTown"}]
    for tag, text in (("245", title), *(("020", isbn) for isbn in isbns), ("650", f"Subject {number}")):
        found.append({tag: {"ind1": " ", "ind2": " ", "subfields": [{"a": text}]}})
    return json.dumps({"leader": "00000nam a2200000 a 4500", "fields": found}).encode()


EMMA, EMA = record("17", "Emma", "9780141439587"), record("18", "Ema", "9780199535521")


class Town:
    """A library with a branch that has Emma twice, two items of each record."""

    def __init__(self, url: str) -> None:
        plain = default_settings().canonical()
        plain["libraries"]["EAST"] = {"name": "East branch", "calendar": "main"}
        plain["hold_policies"]["standard"] |= {"per_record": 3}
        plain["loan_policies"]["four-weeks"]["had_before"] = "confirm"
        self.clock = FrozenClock()
        self.ops = libops.open(url, settings=plain, clock=self.clock, ids=CountingIds())
        sample_library(self.ops)
        self.ops.catalog.import_marc(BytesIO(EMMA + b"\n" + EMA))
        self.keep, self.gone = (self.ops.catalog.by_number("control", f"XxTown/{number}")[0].id for number in (17, 18))
        for bib, labels in ((self.keep, ("K1", "K2")), (self.gone, ("G1", "G2"))):
            for label in labels:
                self.do(self.ops.items.add, bib, barcode=label, item_type="book", enumeration="v.1")

    def do(self, verb, *which, **asked):
        """One act, a minute after the last, which has to be allowed; what it hands over."""
        self.clock.forward(minutes=1)
        answer = verb(*which, **asked)
        assert answer, answer
        return answer.result

    def hold(self, card: str, **wanted) -> str:
        return self.do(self.ops.holds.place, patron=card, **wanted).hold.id

    def all_of(self, cls):
        return list(every(self.ops.storage, kind_of(cls)))

    def left(self) -> list[str]:
        """Every open record that still names the record that went."""
        named = [(cls, "bib_id") for cls in (Item, Loan, Hold, HoldPlace, ReadyHold, Transit)]
        found = [one for cls, name in (*named, (Protection, "subject")) for one in self.all_of(cls)]
        return [repr(one) for one in found if self.gone in repr(one)]


@pytest.fixture(params=["memory:", "sqlite:///{}/town.db"])
def town(request, tmp_path):
    made = Town(request.param.format(tmp_path))
    with made.ops:
        yield made
        assert stored(made.ops.storage) == rebuilt(log_of(made.ops.storage))


def codes(answer) -> list[str]:
    return [reason.code for reason in answer.reasons]


def test_items_go_over_with_their_loans_and_ways(town) -> None:
    """The borrower returns the item as ever; the one on its way arrives. The preview says so, and writes nothing."""
    ops = town.ops
    town.do(ops.circulation.check_out, patron=ADA, item="G1")
    town.do(ops.transits.send, "G2", "EAST")
    foreseen = ops.catalog.preview_merge(town.keep, town.gone).result
    assert 2 == len(ops.items.of_bib(town.gone))
    merged = town.do(ops.catalog.merge, town.keep, town.gone, preview=foreseen.preview)
    assert (2, 1, 1, 0) == (merged.items, merged.loans, merged.transits, merged.holds)
    assert (foreseen.items, foreseen.loans, foreseen.kept) == (merged.items, merged.loans, merged.kept)
    assert ["K1", "K2", "G1", "G2"] == [item.barcode for item in ops.items.of_bib(town.keep)]
    assert [] == town.left()
    assert [town.keep] == [loan.bib_id for loan in ops.circulation.loans_of(ADA)]
    assert "Emma" == town.do(ops.circulation.check_in, item="G1").title
    assert "Emma" == town.do(ops.circulation.check_in, item="G2", library="EAST").title


def test_the_record_that_stays_keeps_its_marc(town) -> None:
    """Unless fields are asked for: then those it lacks, and the version before can come back."""
    ops = town.ops
    before = ops.catalog.get(town.keep)
    foreseen = ops.catalog.preview_merge(town.keep, town.gone).result
    assert before == foreseen.kept
    kept = town.do(ops.catalog.merge, town.keep, town.gone, take=("020", "6XX")).kept
    assert ("Emma", {"9780141439587", "9780199535521"}) == (kept.title, set(kept.isbns))
    assert ("Subject 17", "Subject 18") == kept.subjects
    assert "XxTown/18" not in kept.system_numbers
    (version,) = ops.catalog.versions(town.keep)
    assert before == town.do(ops.catalog.revert, town.keep, version.id)
    with pytest.raises(InvalidValue, match="title"):
        ops.catalog.preview_merge(town.keep, town.gone, take=("title",))


def test_old_links_and_numbers_lead_to_the_record_that_stays(town) -> None:
    """The identifier, the control number and the ISBN of the record that went, also over two merges."""
    ops = town.ops
    town.do(ops.catalog.merge, town.keep, town.gone)
    assert (True, town.keep) == (ops.catalog.get(town.gone).deleted, ops.catalog.get(town.gone).merged_into)
    jazz = next(bib.id for bib in ops.catalog.all() if "jazz" in bib.title)
    town.do(ops.catalog.merge, jazz, town.keep)
    assert [jazz] * 2 == [ops.catalog.current(bib).id for bib in (town.gone, town.keep)]
    for scheme, value in (("control", "XxTown/18"), ("isbn", "9780199535521"), ("isbn", "9780141439587")):
        assert [jazz] == [bib.id for bib in ops.catalog.by_number(scheme, value)]
    assert [jazz] == [hit.bib.id for hit in ops.search.find("9780199535521").hits]
    assert 0 == ops.search.find("ema").total
    assert jazz == town.do(ops.holds.place, patron=ADA, bib=town.gone).hold.bib_id
    assert jazz == town.do(ops.holds.place, patron=BEN, any_of=[town.gone]).hold.bib_id


def test_a_file_that_comes_again_does_not_bring_the_record_back(town) -> None:
    """It says nothing new of a title that stays as it is; a better version of it leaves the other alone, too."""
    ops = town.ops
    town.do(ops.catalog.merge, town.keep, town.gone)
    again = ops.catalog.import_marc(BytesIO(EMMA + b"\n" + EMA))
    assert (2, 2) == (again.unchanged, again.records)
    better = ops.catalog.import_marc(BytesIO(record("18", "Ema: a novel", "9780199535521")))
    assert (1, town.keep) == (better.skipped, better.matched[0].bib_id)
    assert "Emma" == ops.catalog.get(town.keep).title


def test_who_waits_keeps_the_place_in_the_queue(town) -> None:
    """The queues become one, by the same order: whoever asked first is first, whichever record it was."""
    ops = town.ops
    for card in (ADA, BEN):
        town.do(ops.circulation.check_out, patron=card, item={ADA: "K1", BEN: "G1"}[card])
    first = town.hold(CLARA, bib=town.gone)
    second = town.hold(BEN, bib=town.keep)
    third = town.hold(ADA, bib=town.gone, volume="v.1")
    merged = town.do(ops.catalog.merge, town.keep, town.gone)
    assert (2, ()) == (merged.holds, merged.given_up)
    assert [first, second, third] == [hold.id for _, hold in ops.holds.queue_of(town.keep)]
    assert [] == town.left()
    assert "Clara" in town.do(ops.circulation.check_in, item="K2").hold_for


def test_who_waits_for_both_keeps_the_earlier_place_and_that_is_told(town) -> None:
    """The later hold is cancelled, with the reason; the receipt and its alert say whose. The counters follow."""
    ops = town.ops
    earlier, later = town.hold(ADA, bib=town.gone), town.hold(ADA, bib=town.keep)
    other = town.hold(BEN, bib=town.keep)
    foreseen = ops.catalog.preview_merge(town.keep, town.gone)
    merged = town.do(ops.catalog.merge, town.keep, town.gone)
    assert ((later, earlier),) == merged.given_up == foreseen.result.given_up
    assert [("hold.one_place", "Ada Flores")] == [(why.code, why.data["patron"]) for why in merged.alerts]
    assert "Ada Flores waited for both records and keeps one place" in str(merged)
    assert [earlier, other] == [hold.id for _, hold in ops.holds.queue_of(town.keep)]
    assert 1 == ops.patrons.standing(ADA).holds


def test_a_hold_with_its_item_is_not_given_up_for_an_earlier_one(town) -> None:
    """The item on the hold shelf stays there for Ada, who gives up the place in the queue."""
    ops = town.ops
    waiting = town.hold(ADA, bib=town.gone)
    caught = town.hold(ADA, bib=town.keep)
    town.do(ops.circulation.check_in, item="K1")
    town.do(ops.catalog.merge, town.keep, town.gone)
    (hold,) = ops.holds.of_patron(ADA)
    assert (caught, HoldState.READY) == (hold.id, hold.state)
    assert waiting not in [place.hold_id for place in town.all_of(HoldPlace)]
    assert hold.id == ops.holds.ready_at()[0].hold_id


def test_holds_that_are_caught_and_those_on_one_of_several_follow(town) -> None:
    """Released, they wait for the title that stays; a book club keeps all its holds; nobody waits for nothing."""
    ops = town.ops
    jazz = next(bib.id for bib in ops.catalog.all() if "jazz" in bib.title)
    town.do(ops.circulation.check_out, patron=CLARA, item="G1")
    ready = town.hold(ADA, any_of=[jazz, town.gone])
    label = ops.items.of_bib(jazz)[0].barcode
    town.do(ops.circulation.check_in, item=label)
    assert HoldState.READY is ops.holds.get(ready).state
    either = town.hold(BEN, any_of=[town.keep, town.gone])
    club = town.do(ops.holds.place, patron=BEN, bib=town.gone, count=2).holds
    town.do(ops.catalog.merge, town.keep, town.gone)
    assert (f"bib:{town.keep}",) == ops.holds.get(either).targets
    assert {town.keep} == {ops.holds.get(hold.id).bib_id for hold in club}
    town.do(ops.holds.release, ready, why="pages missing")
    assert (f"bib:{jazz}", f"bib:{town.keep}") == ops.holds.get(ready).targets
    assert [] == town.left()


def test_subscriptions_go_over_with_all_their_issues(town) -> None:
    """Also one that has ended; the next issue is received under the record that stays."""
    ops = town.ops
    monthly, last = "$a v. $b no. $u 12 $v r $i (year) $j (month) $w m", "$a 41 $b 12 $i 2025 $j 12"
    running = town.do(ops.serials.subscribe, town.gone, pattern=monthly, last=last, ahead=30).subscription.id
    town.do(ops.serials.receive, running)
    ended = town.do(ops.serials.subscribe, town.gone, override=SECOND).subscription.id
    town.do(ops.serials.cancel, ended)
    issues = len(town.all_of(SerialIssue))
    merged = town.do(ops.catalog.merge, town.keep, town.gone)
    assert (2, issues) == (merged.subscriptions, merged.issues)
    assert {town.keep} == {one.bib_id for one in (*town.all_of(Subscription), *town.all_of(SerialIssue))}
    received = town.do(ops.serials.receive, running, make_item=True)
    assert town.keep == received.issue.bib_id


def test_what_is_protected_stays_protected(town) -> None:
    """A list of what is not weeded names the record that stays; one that names both keeps what it says of that one."""
    ops = town.ops
    town.do(ops.inventory.protect, town.gone, list_name="local-history", why="written here")
    town.do(ops.inventory.protect, town.gone, list_name="gifts", why="a gift")
    town.do(ops.inventory.protect, town.keep, list_name="gifts", why="given by the author")
    merged = town.do(ops.catalog.merge, town.keep, town.gone)
    said = {(one.list_name, one.subject, one.why) for one in town.all_of(Protection)}
    assert {("local-history", town.keep, "written here"), ("gifts", town.keep, "given by the author")} == said
    assert 2 == merged.protections


def test_holdings_that_a_host_wrote_go_over(town) -> None:
    """They say of the title that stays which parts the library has."""
    held = Holdings(HoldingsId("h1"), BibId(town.gone), LibraryCode("MAIN"), statements=("v.1 (1990)-v.12 (2001)",))
    town.ops.shell.commit((HoldingsAdded(town.clock(), "host", held),), Reads(town.ops.storage))
    merged = town.do(town.ops.catalog.merge, town.keep, town.gone)
    assert [(town.keep, held.statements)] == [(one.bib_id, one.statements) for one in town.all_of(Holdings)]
    assert (1, True) == (merged.holdings, "holdings: 1" in str(merged))


def test_a_blank_for_a_record_is_no_record(town) -> None:
    """A list of pairs with an empty field is a refusal like any unknown record, whichever of the two is blank."""
    for pair in (("", town.gone), (town.keep, ""), ("", "")):
        assert {"bib.unknown"} == set(codes(town.ops.catalog.merge(*pair)))


def test_the_record_that_went_does_not_come_back(town) -> None:
    """Nothing tells its items from those of the other any more; every act on it says where it went."""
    ops = town.ops
    town.do(ops.catalog.merge, town.keep, town.gone)
    refused = [
        ops.catalog.restore(town.gone),
        ops.catalog.delete(town.gone),
        ops.catalog.suppress(town.gone),
        ops.catalog.merge(town.keep, town.gone),
        ops.catalog.merge(town.gone, town.keep),
    ]
    assert [["bib.merged"]] * 5 == [codes(answer) for answer in refused]
    assert town.keep in str(refused[0])
    assert ["bib.merged"] == codes(ops.items.add(town.gone))
    assert ["bib.same"] == codes(ops.catalog.merge(town.keep, town.keep))
    assert ["bib.unknown"] * 2 == codes(ops.catalog.merge("slip", "another"))


def test_a_preview_that_is_no_longer_true_merges_nothing(town) -> None:
    """A hold was placed in between."""
    ops = town.ops
    foreseen = ops.catalog.preview_merge(town.keep, town.gone).result
    town.hold(ADA, bib=town.gone)
    assert ["preview.stale"] == codes(ops.catalog.merge(town.keep, town.gone, preview=foreseen.preview))
    assert not ops.catalog.get(town.gone).deleted


def test_a_title_with_hundreds_of_items_goes_over_in_one_act(town) -> None:
    """A set of class copies: all or none, and the log tells it once."""
    ops = town.ops
    for number in range(300):
        assert ops.items.add(town.gone, barcode=f"C{number:03}", item_type="book")
    for number in range(3):
        town.do(ops.circulation.check_out, patron=ADA, item=f"C{number:03}")
    out = len(ops.circulation.loans_of(ADA))
    merged = town.do(ops.catalog.merge, town.keep, town.gone)
    assert (302, out) == (merged.items, merged.loans)
    assert 304 == len(ops.items.of_bib(town.keep))
    assert out == sum(isinstance(event, LoanRetitled) for event in log_of(ops.storage))


def test_what_another_desk_adds_meanwhile_goes_over_too(town) -> None:
    """Neither an item nor a hold that came while the records became one is left on the one that went."""
    ops, store = town.ops, town.ops.storage
    apply, busy = store.apply, [True]

    def late(batch):
        if busy.pop() if busy else False:
            assert ops.items.add(town.gone, barcode="L1", item_type="book")
            assert ops.holds.place(patron=CLARA, bib=town.gone)
        return apply(batch)

    store.apply = late
    town.do(ops.catalog.merge, town.keep, town.gone)
    store.apply = apply
    assert [] == town.left()
    assert town.keep == ops.items.get("L1").bib_id


def test_the_history_of_loans_leads_to_the_title_that_stays(town) -> None:
    """A rule that asks whether a reader had the title before finds the loans of the record that went."""
    ops = town.ops
    town.do(ops.circulation.check_out, patron=ADA, item="G1")
    town.clock.forward(days=1)
    town.do(ops.circulation.check_in, item="G1")
    town.do(ops.catalog.merge, town.keep, town.gone)
    assert ["loan.had_before"] == codes(ops.circulation.check_out(patron=ADA, item="K1"))
    assert ops.circulation.check_out(patron=BEN, item="K1")


def test_loans_and_holds_that_followed_are_forgotten_like_others() -> None:
    """What was told of them at the merge goes out of the log with the rest, and a store made from it is the same."""
    town = Watched("until-return")
    with town.ops as ops:
        keep, gone = (ops.items.get(label).bib_id for label in (BOOK, OTHER))
        town.do(ops.circulation.check_out, patron=ADA, item=OTHER)
        town.do(ops.holds.place, patron=BEN, bib=gone)
        town.do(ops.holds.place, patron=BEN, bib=keep)
        town.do(ops.catalog.merge, keep=keep, gone=gone)
        town.do(ops.circulation.check_in, item=OTHER)
        town.do(ops.circulation.check_out, patron=BEN, item=OTHER)
        town.do(ops.circulation.check_in, item=OTHER)
        town.settle(BEN)
        town.night()
        assert set() == town.joined(ADA, BOOK, OTHER) | town.joined(BEN, BOOK, OTHER)
        assert [] == [event for event in log_of(ops.storage) if isinstance(event, LoanRetitled | HoldRetitled)]
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_the_command_merges_with_a_preview(tmp_path, capsys) -> None:
    """`libops catalog merge`; a second time it says where the record went."""
    store = tmp_path / "town.db"
    made = Town(f"sqlite:///{store}")
    made.ops.close()
    merge = ["catalog", "merge", made.keep, made.gone, "--db", str(store)]
    assert 0 == main([*merge, "--preview"])
    assert f"{made.gone} Ema -> {made.keep} Emma\n  would move: items: 2\n" == capsys.readouterr().out
    assert (0, 1) == (main([*merge, "--take", "020"]), main(merge))
    printed = capsys.readouterr()
    assert (True, True) == ("\n  moved: items: 2\n" in printed.out, f"merged into {made.keep}" in printed.err)
