"""What the verbs about serials do: subscribe, receive, claim, and lists of what is to come."""

from __future__ import annotations

import argparse
from typing import Any

from libops.cli.output import Output
from libops.cli.verbs import acting, opened, override_of

__all__ = [
    "SETTLED",
    "cancel",
    "claim",
    "correct",
    "issues",
    "listed",
    "receive",
    "settle",
    "subscribe",
    "supplement",
    "to_claim",
    "undo",
]

DONE = 0
SETTLED = {"give-up": "give_up", "not-published": "mark_not_published", "skip": "skip"}
"""What becomes of an issue that will not come, and the act at the desk."""


def subscribe(arguments: argparse.Namespace, output: Output) -> int:
    from libops.catalog.serials import ItemTerms, SupplyTerms

    items = None
    if arguments.item_type:
        items = ItemTerms(
            item_type=arguments.item_type,
            shelving_location=arguments.location,
            call_number=arguments.call_number,
            call_number_scheme=arguments.scheme,
        )
    terms = SupplyTerms(
        late_after=arguments.late_after, claim_after=arguments.claim_after, arrives_after=arguments.arrives_after
    )
    with opened(arguments) as ops:
        return output.answer(
            ops.serials.subscribe(
                arguments.bib,
                pattern=arguments.pattern,
                last=arguments.last,
                terms=terms,
                copies=arguments.copies,
                items=items,
                vendor=arguments.vendor,
                vendor_number=arguments.vendor_number,
                ends_on=arguments.ends_on,
                kind=arguments.kind,
                **acting(arguments),
            )
        )


def listed(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        output.rows(
            ops.serials.subscriptions(bib=arguments.bib),
            lambda one: f"{one.id}  {one.state.value:<8}  {ops.catalog.get(one.bib_id).title}  {one.vendor}".rstrip(),
        )
    return DONE


def issues(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        ops.serials.get(arguments.subscription)
        output.rows(ops.serials.issues(arguments.subscription, state=arguments.state), issue_line)
        if arguments.state is None and not output.as_json:
            print(f"here: {ops.serials.holdings(arguments.subscription) or 'nothing'}")
    return DONE


def to_claim(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        output.rows(ops.serials.to_claim(), issue_line)
    return DONE


def issue_line(one: Any) -> str:
    claims = f"  claimed {len(one.claims)}" if one.claims else ""
    return f"{one.id}  {one.expected_on}  {one.state.value:<13}  {one.name}{claims}"


def receive(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.serials.receive(
                arguments.what,
                barcode=arguments.barcode,
                make_item=False if arguments.no_item else None,
                note=arguments.note,
                **acting(arguments),
            )
        )


def supplement(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.serials.receive_unexpected(
                arguments.subscription,
                enumeration=arguments.enumeration,
                chronology=arguments.chronology,
                kind=arguments.kind,
                barcode=arguments.barcode,
                make_item=False if arguments.no_item else None,
                note=arguments.note,
                by=arguments.by,
            )
        )


def undo(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.serials.undo_receipt(
                arguments.issue, copy=arguments.copy, by=arguments.by, override=override_of(arguments)
            )
        )


def claim(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        code = output.answer(
            ops.serials.claim(arguments.issue, note=arguments.note, by=arguments.by, override=override_of(arguments))
        )
        if code == DONE and not output.as_json:
            print(f"\n{ops.serials.claim_notice(arguments.issue)}")
    return code


def settle(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        if arguments.act == "reopen":
            return output.answer(ops.serials.reopen(arguments.issue, by=arguments.by))
        act = getattr(ops.serials, SETTLED[arguments.act])
        return output.answer(act(arguments.issue, note=arguments.note, by=arguments.by))


def correct(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.serials.correct(
                arguments.subscription,
                last=arguments.last,
                pattern=arguments.pattern,
                **acting(arguments),
            )
        )


def cancel(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.serials.cancel(arguments.subscription, by=arguments.by, commit=not arguments.preview))
