"""Tickets at the desk: a whole life with its times and costs, device errors once, what is unsafe is not lent."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import StringIO

import pytest

import libops
from libops.base.errors import DeviceError, InvalidValue, NotFound
from libops.base.money import Money
from libops.desk.settings.loading import default_settings
from libops.desk.words import Words
from libops.equipment import Impact, TicketState, Urgency
from libops.equipment.report import equipment_csv, equipment_html
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import ITEMS, PATRONS, sample_library

ADA = PATRONS[0][0]
UKULELE = ITEMS[0][0]


@pytest.fixture(params=["memory", "sqlite"])
def ops(request, tmp_path):
    """A town library whose repair shop charges 40 euros an hour, on Tuesday at eleven."""
    plain = default_settings().canonical() | {"equipment": {"labor_rate": "40.00 EUR"}}
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db"
    clock = FrozenClock(datetime(2026, 3, 3, 10, tzinfo=UTC))
    with libops.open(url, settings=plain, clock=clock, ids=CountingIds()) as opened:
        sample_library(opened)
        opened.clock_in_hand = clock
        yield opened
        assert stored(opened.storage) == rebuilt(log_of(opened.storage))


def codes(answer):
    return [reason.code for reason in answer.reasons]


def test_a_tickets_life_is_told_with_its_times_and_costs(ops) -> None:
    """From the first word to closing: every passage has its time, parts and work their price."""
    repairs, clock = ops.equipment, ops.clock_in_hand
    assert repairs.register(id="self-check-2", name="Self-check 2", kind="self-check", warranty_until=date(2026, 12, 1))
    ticket = repairs.open_ticket(
        asset="self-check-2", symptom="screen stays dark", impact=Impact.ONE_ASSET, urgency=Urgency.HIGH, by="ada"
    ).result
    clock.forward(minutes=20)
    assert repairs.triage(ticket.id, assignee="tom", by="ruth")
    assert repairs.diagnose(ticket.id, diagnosis="power supply", by="tom")
    assert repairs.wait_for_parts(ticket.id, parts="power supply 90 W", by="tom")
    clock.forward(hours=24)
    assert repairs.start_repair(ticket.id, by="tom")
    clock.forward(minutes=45)
    part = repairs.use_part(ticket.id, name="power supply 90 W", price="17.50 EUR", by="tom")
    assert ["asset.under_warranty"] == [alert.code for alert in part.alerts]
    assert repairs.log_labor(ticket.id, minutes=45, by="tom")
    assert ["ticket.fix_missing"] == codes(repairs.resolve(ticket.id, fix="", by="tom"))
    assert ["ticket.act_not_legal"] == codes(repairs.close(ticket.id, by="ruth"))
    assert repairs.resolve(ticket.id, fix="new power supply", by="tom")
    clock.forward(hours=1)
    closed = repairs.close(ticket.id, by="ruth").result

    assert (45, Money(4750, "EUR"), "tom") == (closed.minutes_worked, closed.cost, closed.assignee)
    told = [(passage.state, passage.at - closed.opened_at) for passage in closed.passages]
    assert [
        (TicketState.NEW, timedelta(0)),
        (TicketState.TRIAGED, timedelta(minutes=20)),
        (TicketState.WAITING_FOR_PARTS, timedelta(minutes=20)),
        (TicketState.IN_REPAIR, timedelta(days=1, minutes=20)),
        (TicketState.RESOLVED, timedelta(days=1, minutes=65)),
        (TicketState.CLOSED, timedelta(days=1, minutes=125)),
    ] == told
    figures = repairs.reliability("self-check-2", since=closed.opened_at)
    # Tuesday 11:00 to 18:00 and Wednesday 10:00 to 12:05, when the library was open.
    assert timedelta(hours=9, minutes=5) == figures.downtime == figures.mean_time_to_repair
    assert [] == repairs.tickets()
    assert [closed] == repairs.tickets(asset="self-check-2")


def test_a_devices_errors_are_one_ticket(ops) -> None:
    """A paper jam a hundred times in one night is told once, and counted."""
    repairs = ops.equipment
    assert repairs.register(id="printer-3", name="Printer 3", kind="printer")
    for _ in range(100):
        with pytest.raises(DeviceError), repairs.watching("printer-3"):
            raise DeviceError("paper jam in tray 2")
    (ticket,) = repairs.tickets()
    assert ("paper jam in tray 2", 100) == (
        ticket.symptom,
        repairs.times_reported(device="printer-3", error="DeviceError"),
    )
    with pytest.raises(libops.LibopsError, match="no asset 'printer-9'"):
        repairs.report_device_error(device="printer-9", error="paper_jam")


def test_what_is_unsafe_is_not_lent_until_it_is_fixed(ops) -> None:
    """A ticket of safety blocks lending at once, whoever asks; fixed, it is lent again."""
    repairs, desk = ops.equipment, ops.circulation
    ticket = repairs.open_ticket(item=UKULELE, symptom="a string snapped at a child", safety=True).result
    assert (ticket.id,) == repairs.out_of_service(item=UKULELE).tickets
    assert ["item.out_of_service"] == codes(desk.check_out(patron=ADA, item=UKULELE))
    assert repairs.resolve(ticket.id, fix="new strings")
    assert repairs.out_of_service(item=UKULELE) is None
    assert desk.check_out(patron=ADA, item=UKULELE)


def test_a_damaged_return_opens_a_ticket_in_the_same_step(ops) -> None:
    """The loan ends, the item is marked, the ticket is there; the next damage told is counted on it."""
    desk, repairs = ops.circulation, ops.equipment
    assert desk.check_out(patron=ADA, item=UKULELE)
    before = len(list(log_of(ops.storage)))
    assert desk.check_in(item=UKULELE, damaged="neck is cracked", by="ruth")
    assert ["ItemCheckedIn", "ItemChanged", "TicketOpened"] == [
        type(event).__name__ for event in list(log_of(ops.storage))[before:]
    ]
    assert (None, True) == (desk.loan_of(UKULELE), ops.items.get(UKULELE).damaged)
    (ticket,) = repairs.tickets()
    assert "neck is cracked" == ticket.symptom
    assert ["item.damaged"] == codes(desk.check_out(patron=ADA, item=UKULELE))
    assert desk.check_in(item=UKULELE, damaged="neck is cracked")
    assert [ticket.id] == [one.id for one in repairs.tickets()]


def test_a_damaged_return_is_previewed_as_such(ops) -> None:
    """The desk sees what the return would do, damage told: nothing is written, and the act may follow on it."""
    desk = ops.circulation
    assert desk.check_out(patron=ADA, item=UKULELE)
    before = len(list(log_of(ops.storage)))
    shown = desk.preview_check_in(item=UKULELE, damaged="neck is cracked")
    assert before == len(list(log_of(ops.storage)))
    assert desk.check_in(item=UKULELE, damaged="neck is cracked", preview=shown.result.preview)
    assert ["neck is cracked"] == [ticket.symptom for ticket in ops.equipment.tickets()]
    plain = desk.preview_check_in(item=UKULELE)
    assert ["preview.stale"] == codes(desk.check_in(item=UKULELE, damaged="again", preview=plain.result.preview))


def test_maintenance_and_missed_targets_open_and_escalate_once(ops) -> None:
    """A task is one ticket however often the morning run looks; a missed target is told once."""
    repairs, clock = ops.equipment, ops.clock_in_hand
    assert repairs.register(id="A-7", name="Laser cutter", kind="laser cutter")
    assert repairs.schedule_maintenance(
        "A-7", task="clean the lens", every="1 month", first_due=date(2026, 3, 10), lead_days=7
    )
    assert ["clean the lens"] == [ticket.symptom for ticket in repairs.open_due_maintenance()]
    assert [] == repairs.open_due_maintenance()
    dark = repairs.open_ticket(asset="A-7", symptom="lid does not lock", safety=True).result
    clock.forward(hours=1)
    assert [(dark.id, 1)] == [(ticket.id, ticket.escalation) for ticket in repairs.escalate_due()]
    assert [] == repairs.escalate_due()


def test_a_task_that_is_stopped_comes_back_no_more(ops) -> None:
    """Its open ticket stays and can be resolved, which plans nothing; other tasks of the asset go on."""
    repairs = ops.equipment
    assert repairs.register(id="A-7", name="Laser cutter", kind="laser cutter")
    lens, fan = (
        repairs.schedule_maintenance("A-7", task=task, every="1 month", first_due=day).result
        for task, day in (("clean the lens", date(2026, 3, 1)), ("clean the fan", date(2026, 9, 1)))
    )
    assert [lens, fan] == repairs.maintenance() == repairs.maintenance(asset="A-7")
    (opened,) = repairs.open_due_maintenance()

    assert lens.id == repairs.stop_maintenance(lens.id, by="tom").result.id
    assert [fan] == repairs.maintenance()
    assert repairs.start_repair(repairs.triage(opened.id).result.id)
    assert TicketState.RESOLVED is repairs.resolve(opened.id, fix="cleaned").result.state
    ops.clock_in_hand.forward(days=60)
    assert [] == repairs.open_due_maintenance()
    for act in (repairs.stop_maintenance, repairs.open_maintenance):
        with pytest.raises(NotFound, match=lens.id):
            act(lens.id)


def test_a_ticket_is_about_an_asset_or_an_item(ops) -> None:
    """With both named, one would be passed over without a word; the error shows both."""
    repairs = ops.equipment
    assert repairs.register(id="A-7", name="Laser cutter", kind="laser cutter")
    for act in (partial(repairs.open_ticket, symptom="smells of smoke"), repairs.out_of_service):
        with pytest.raises(InvalidValue, match=f"'A-7'.*'{UKULELE}'"):
            act(asset="A-7", item=UKULELE)
    assert [] == repairs.tickets()


def test_known_issues_are_found_by_what_people_say(ops) -> None:
    """The fault that was understood once is offered the next time."""
    repairs = ops.equipment
    issue = repairs.record_known_issue(title="Paper jam", symptom="paper jams in tray 2", fix="clean the roller").result
    assert [issue.id] == [like.issue.id for like in repairs.known_issues("Paper jam again, tray 2")]


def test_retiring_an_asset_ends_its_tickets_and_its_lending(ops) -> None:
    """Not worth repairing: nothing more happens to it, and its item is not lent again."""
    repairs = ops.equipment
    assert repairs.register(id="A-1", name="Ukulele", kind="instrument", item=UKULELE)
    first = repairs.open_ticket(asset="A-1", symptom="neck is cracked").result
    second = repairs.open_ticket(item=UKULELE, symptom="a peg is gone").result
    assert repairs.retire(first.id, why="cheaper to buy a new one")
    assert TicketState.RETIRED is repairs.ticket(second.id).state
    assert ["asset.retired"] == codes(repairs.open_ticket(asset="A-1", symptom="still cracked"))
    assert ["item.out_of_service"] == codes(ops.circulation.check_out(patron=ADA, item=UKULELE))


def test_a_missing_item_is_found_at_the_desk(ops) -> None:
    """Whoever holds it in their hands confirms it; scanned at the return desk it is missing no more."""
    assert ops.items.change(UKULELE, missing_since=ops.clock())
    assert ["item.missing"] == codes(ops.circulation.check_out(patron=ADA, item=UKULELE))
    found = ops.circulation.check_in(item=UKULELE)
    assert ["item.not_on_loan", "return.was_missing"] == sorted(alert.code for alert in found.alerts)
    assert ops.items.get(UKULELE).missing_since is None
    assert ops.circulation.check_out(patron=ADA, item=UKULELE)


def test_what_a_ticket_holds_is_not_renewed_and_not_shelved(ops) -> None:
    """A loose neck: to renew is to lend again, and whoever takes it back is told to set it apart."""
    assert ops.circulation.check_out(patron=ADA, item=UKULELE)
    ticket = ops.equipment.open_ticket(item=UKULELE, symptom="the neck is loose", safety=True).result
    assert ["item.out_of_service"] == codes(ops.circulation.renew(item=UKULELE))
    assert ["return.out_of_service"] == [alert.code for alert in ops.circulation.check_in(item=UKULELE).alerts]
    assert ops.equipment.resolve(ticket.id, fix="glued")
    assert ["item.not_on_loan"] == [alert.code for alert in ops.circulation.check_in(item=UKULELE).alerts]


def test_who_was_promised_what_breaks_waits_for_another(ops) -> None:
    """The hold that it stood ready for has its old place again, and the desk is told whom to call."""
    bib = ops.items.get(UKULELE).bib_id
    hold = ops.holds.place(patron=ADA, bib=bib).result.hold
    assert ops.circulation.check_in(item=UKULELE).result.hold_for
    assert ops.equipment.open_ticket(item=UKULELE, symptom="the neck is loose", safety=True)
    told = [alert.code for alert in ops.circulation.check_in(item=UKULELE).alerts]
    assert ["hold.item_taken_back", "item.not_on_loan", "return.out_of_service"] == sorted(told)
    assert "waiting" == ops.holds.get(hold.id).state.value
    assert [] == ops.holds.ready_at()


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        (["return.damaged"], {"damaged": True, "status_note": "spine"}),
        (["return.in_repair"], {"damaged": True, "in_repair": True}),
        ([], {"not_for_loan": "reference"}),
    ],
)
def test_the_return_desk_is_told_what_does_not_go_on_the_shelf(ops, told, changed) -> None:
    """Koha and FOLIO say so at the scan; a reference copy does belong on its shelf."""
    assert ops.items.change(UKULELE, **changed)
    answer = ops.circulation.check_in(item=UKULELE)
    assert ["item.not_on_loan", *told] == sorted(alert.code for alert in answer.alerts)
    assert all("shelve it" in str(alert) for alert in answer.alerts if alert.code in told)


def test_what_was_withdrawn_or_is_not_ready_yet_does_not_go_on_the_shelf(ops) -> None:
    """A withdrawn book turns up in the drop box."""
    assert ops.items.withdraw(UKULELE, reason="worn")
    answer = ops.circulation.check_in(item=UKULELE)
    assert "return.withdrawn" in [alert.code for alert in answer.alerts]
    assert "worn" in str(answer.result)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_the_report_says_what_broke_how_often_and_what_it_cost(ops, language) -> None:
    """Two faults of one printer, one of them mended in an hour; the scanner never failed."""
    repairs, clock = ops.equipment, ops.clock_in_hand
    start = clock()
    assert repairs.register(id="printer-3", name="Printer 3", kind="printer")
    assert repairs.register(id="scanner-1", name="Scanner", kind="scanner")
    jam = repairs.open_ticket(asset="printer-3", symptom="paper jam").result
    clock.forward(hours=1)
    assert repairs.log_labor(jam.id, minutes=30)
    assert repairs.resolve(jam.id, fix="cleaned the roller")
    clock.forward(hours=1)
    assert repairs.open_ticket(asset="printer-3", symptom="<stripes>")
    clock.forward(hours=1)
    report = repairs.report(since=start)
    say = Words(language, UTC).report
    heading, *rows = csv.reader(StringIO(equipment_csv(report, say=say)))
    assert [say("column.asset"), say("column.name")] == heading[:2]
    assert [
        ["printer-3", "Printer 3", "printer", "2", "2.0", "33.3", "1.0", "0.5", "30", "20.00 EUR"],
        ["scanner-1", "Scanner", "scanner", "0", "0.0", "100.0", "", "", "0", ""],
    ] == rows
    page = equipment_html(report, say=say)
    assert f'<html lang="{language}">' in page
    assert "&lt;stripes&gt;" in page
    assert say("ticket_state.new") in page
    assert say("equipment.no_tickets") in equipment_html(repairs.report(since=start, kind="scanner"), say=say)


def test_tickets_are_in_order_whatever_targets_the_library_sets() -> None:
    """A library that gives itself time for grave faults only still sees the others, after these."""
    settings = default_settings().canonical() | {"equipment": {"targets": {"high": {"respond": 10}}}}
    with libops.open(settings=settings) as ops:
        assert ops.equipment.register(id="A-1", name="Scanner", kind="scanner")
        for urgency in (Urgency.LOW, Urgency.NORMAL, Urgency.HIGH):
            assert ops.equipment.open_ticket(asset="A-1", symptom="slow", urgency=urgency)
        assert ["high", "normal", "low"] == [ticket.priority.value for ticket in ops.equipment.tickets()]


def test_an_item_that_a_ticket_holds_is_said_to_be_available_nowhere(ops) -> None:
    """Nobody is sent to a shelf for what may not be lent: catalog, state and pull list agree with lending."""
    bib = ops.items.get(UKULELE).bib_id
    for other in ops.items.of_bib(bib):
        if other.barcode != UKULELE:
            assert ops.items.withdraw(other.barcode)
    assert ops.holds.place(patron=ADA, bib=bib)
    assert [UKULELE] == [line.item.barcode for line in ops.holds.pull_list()]
    ticket = ops.equipment.open_ticket(item=UKULELE, symptom="a string snapped at a child", safety=True).result
    place = next(place for place in ops.search.where(bib) if place.barcode == UKULELE)
    assert ("in_process", "in process") == (ops.transits.state_of(UKULELE).value, place.status)
    assert [] == [line.item.barcode for line in ops.holds.pull_list()]
    assert ops.equipment.resolve(ticket.id, fix="new strings")
    place = next(place for place in ops.search.where(bib) if place.barcode == UKULELE)
    assert ("available", "available") == (ops.transits.state_of(UKULELE).value, place.status)
    assert [UKULELE] == [line.item.barcode for line in ops.holds.pull_list()]
