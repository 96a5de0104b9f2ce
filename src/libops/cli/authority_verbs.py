"""What the verbs about authority records do: add, change, merge, remove, control; and changes that titles follow."""

from __future__ import annotations

import argparse

from libops.cli.output import Output
from libops.cli.verbs import acting, opened, override_of

__all__ = ["add", "change", "changes", "control", "delete", "find", "link", "merge", "move"]

DONE, NOT_FOUND = 0, 3


def find(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        found = ops.catalog.authorities.find(arguments.text)
    if output.as_json:
        output.rows(found)
    else:
        for one in found:
            forms = f"  from: {'; '.join(one.see_from)}" if one.see_from else ""
            print(f"{one.id}  {one.kind.value:<14}  {one.heading}  {one.number}{forms}")
    return DONE if found else NOT_FOUND


def add(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.catalog.authorities.add(
                arguments.kind,
                arguments.heading,
                number=arguments.number,
                see_from=arguments.see_from or (),
                by=arguments.by,
                override=override_of(arguments),
            )
        )


def change(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.catalog.authorities.change(
                arguments.authority,
                heading=arguments.heading,
                see_from=arguments.see_from,
                keep_former=not arguments.forget_former,
                most=arguments.most,
                **acting(arguments),
            )
        )


def merge(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.catalog.authorities.merge(
                arguments.keep,
                arguments.gone,
                most=arguments.most,
                **acting(arguments),
            )
        )


def delete(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.catalog.authorities.delete(
                arguments.authority,
                most=arguments.most,
                **acting(arguments),
            )
        )


def control(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.catalog.authorities.control(by=arguments.by, commit=not arguments.preview, most=arguments.most)
        )


def link(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.catalog.authorities.link(
                arguments.bib, arguments.field_no, arguments.authority, by=arguments.by, commit=not arguments.preview
            )
        )


def changes(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        desk = ops.catalog.authorities
        found = [*desk.waiting(), *desk.unfinished()]
    if output.as_json:
        output.rows(found)
        return DONE
    for one in found:
        what = "; ".join(f"{old.heading} -> {new.heading if new else '-'}" for old, new in one.pairs)
        print(f"{one.id}  {one.state.value:<8}  {one.act.value:<7}  {one.records} titles  {what}".rstrip())
    return DONE


def move(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops, output.progress("Titles") as progress:
        desk = ops.catalog.authorities
        if arguments.act == "dismiss":
            return output.answer(desk.dismiss(arguments.change, by=arguments.by))
        act = desk.apply if arguments.act == "apply" else desk.undo
        return output.answer(act(arguments.change, by=arguments.by, most=arguments.most, progress=progress))
