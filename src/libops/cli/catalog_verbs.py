"""What the verbs about the catalog do: check a file, list and merge duplicates, bring in authorities, list a queue."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from libops.base.decisions import Refuse
from libops.cli.output import Output
from libops.cli.verbs import opened

__all__ = [
    "answer",
    "duplicates",
    "export",
    "import_authorities",
    "merge",
    "questions",
    "revert",
    "unauthorized",
    "validate",
    "versions",
]

DONE, FOUND = 0, 1


def validate(arguments: argparse.Namespace, output: Output) -> int:
    from libops.catalog.policy import CatalogPolicy
    from libops.catalog.validation import Severity
    from libops.desk.catalog.checks import findings_about
    from libops.desk.settings.loading import load_settings

    policy = load_settings(arguments.settings).file.catalog if arguments.settings else CatalogPolicy()
    findings = list(findings_about(arguments.file, policy.profile(arguments.profile)))
    output.rows(findings, lambda finding: f"record {finding.record_no}: {finding}")
    return FOUND if any(finding.severity is Severity.ERROR for finding in findings) else DONE


def duplicates(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        pairs = sorted(ops.catalog.duplicates(), key=lambda pair: not pair.comparison)
    output.rows(pairs, pair_lines)
    return DONE


def pair_lines(pair: Any) -> str:
    agrees = ", ".join(each.value for each in pair.comparison.evidence)
    against = f"; against: {', '.join(pair.comparison.against)}" if pair.comparison.against else ""
    bibs = [f"      {bib.id}  {bib.title}  {bib.year or ''}".rstrip() for bib in (pair.one, pair.other)]
    return "\n".join([f"{pair.comparison.answer.value:<5} {agrees}{against}", *bibs])


def merge(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.catalog.merge(
                arguments.keep,
                arguments.gone,
                take=arguments.take,
                by=arguments.by,
                commit=not arguments.preview,
            )
        )


def import_authorities(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments, make=True) as ops:
        report = ops.catalog.import_authorities(arguments.file, by=arguments.by, dry_run=arguments.dry_run)
    output.value(report)
    if not output.as_json:
        for effect in report.effects:
            print(f"  {effect.bib_id} {effect.tag}: {effect.before} -> {effect.after}")
        for problem in report.problems:
            print(f"  {problem}", file=sys.stderr)
    taken = report.added + report.changed + report.unchanged
    return FOUND if report.rejected and not taken else DONE


def unauthorized(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        queue = list(ops.catalog.unauthorized())
    if output.as_json:
        output.rows([{"bib": bib, "heading": result} for bib, result in queue])
    else:
        for bib, result in queue:
            print(f"{bib} {result.field_no:>3} {result.tag} {result.outcome.value:<12} {result.before}")
    return DONE


def export(arguments: argparse.Namespace, output: Output) -> int:
    to_output = arguments.file == "-"
    target = sys.stdout.buffer if to_output else arguments.file
    format = arguments.format or ("marcxml" if to_output else "")
    with opened(arguments) as ops:
        report = ops.catalog.export(target, format, bibs=arguments.bib, public=arguments.public)
    if not to_output:
        output.value(report)
    if to_output or not output.as_json:
        for one in report.left_out:
            print(one, file=sys.stderr)
    return FOUND if report.left_out else DONE


def questions(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        waiting = list(ops.catalog.questions)
    if output.as_json:
        output.rows(waiting)
        return DONE
    for asked in waiting:
        print(f"{asked.id[:12]}  {asked.bib.title}  {asked.bib.year or ''}  ({asked.source}, record {asked.record_no})")
        for one in asked.candidates:
            against = f"; against: {', '.join(one.against)}" if one.against else ""
            print(f"    may be {one.bib_id}  {one.title}: {', '.join(one.evidence)}{against}")
    return DONE


def answer(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        said = ops.catalog.questions.answer(
            arguments.question,
            same_as=arguments.same_as,
            new=arguments.new,
            leave_out=arguments.leave_out,
            by=arguments.by,
        )
    if isinstance(said, Refuse) or output.as_json:
        return output.answer(said)
    print(f"{said.result.answer.value}  {said.result.bib.title}")
    return DONE


def versions(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        kept = ops.catalog.versions(arguments.bib)
    if output.as_json:
        output.rows(kept)
    else:
        for one in kept:
            print(f"{one.id}  until {output.local(one.replaced_at)}, replaced by {one.replaced_by} ({one.source})")
            print(f"    {one.bib.title}  {one.bib.year or ''}".rstrip())
    return DONE


def revert(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        version = arguments.version
        if version == "last":
            kept = ops.catalog.versions(arguments.bib)
            version = kept[0].id if kept else version
        return output.answer(ops.catalog.revert(arguments.bib, version, by=arguments.by))
