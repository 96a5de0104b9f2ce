"""Messages to patrons at the command line: how they read, what a day would bring, sending, what did not arrive."""

from __future__ import annotations

import argparse

from libops.cli.output import Output
from libops.cli.verbs import BROKEN, DONE, opened

__all__ = ["notice_drop", "notice_failed", "notice_on", "notice_preview", "notice_retry", "notice_send"]


def notice_preview(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        found = ops.notices.preview(
            arguments.kind, language=arguments.to, library=arguments.library, count=arguments.count
        )
        if output.as_json:
            output.value(found)
        else:
            print(f"{found.subject}\n\n{found.body}")
    return DONE


def notice_on(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        messages = ops.notices.on(arguments.day)
        if output.as_json:
            output.rows(messages)
        else:
            for each in messages:
                print(f"{each.channel:<8} {each.to:<32} {each.kind:<16} {each.subject}")
    return DONE


def notice_send(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        delivery = ops.notices.deliver_due()
        output.value(delivery)
    return BROKEN if delivery.failed else DONE


def notice_retry(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        ops.notices.retry(arguments.key)
    output.value(arguments.key)
    return DONE


def notice_drop(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        ops.notices.drop(arguments.key)
    output.value(arguments.key)
    return DONE


def notice_failed(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        entries = ops.notices.failed()
        if output.as_json:
            output.rows(entries)
        else:
            for each in entries:
                print(f"{each.key}  {each.message.to or '-'}  {each.error}")
    return DONE
