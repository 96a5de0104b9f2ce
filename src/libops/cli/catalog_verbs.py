"""What the verbs about the catalog do: check a file, list duplicates, bring in authorities, list their queue."""

from __future__ import annotations

import argparse
import sys

from libops.cli.output import Output
from libops.cli.verbs import opened

__all__ = ["duplicates", "import_authorities", "unauthorized", "validate"]

DONE, FOUND = 0, 1


def validate(arguments: argparse.Namespace, output: Output) -> int:
    from libops.catalog.validation import Severity
    from libops.desk.catalog_checks import findings_about

    findings = list(findings_about(arguments.file, arguments.profile))
    if output.as_json:
        output.rows(findings)
    else:
        for finding in findings:
            print(f"record {finding.record_no}: {finding}")
    return FOUND if any(finding.severity is Severity.ERROR for finding in findings) else DONE


def duplicates(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        pairs = sorted(ops.catalog.duplicates(), key=lambda pair: not pair.comparison)
    if output.as_json:
        output.rows(pairs)
        return DONE
    for pair in pairs:
        agrees = ", ".join(each.value for each in pair.comparison.evidence)
        against = f"; against: {', '.join(pair.comparison.against)}" if pair.comparison.against else ""
        print(f"{pair.comparison.answer.value:<5} {agrees}{against}")
        for bib in (pair.one, pair.other):
            print(f"      {bib.id}  {bib.title}  {bib.year or ''}".rstrip())
    return DONE


def import_authorities(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments, make=True) as ops:
        report = ops.catalog.import_authorities(arguments.file, by=arguments.by, dry_run=arguments.dry_run)
    output.value(report)
    if not output.as_json:
        for effect in report.effects:
            print(f"  {effect.bib_id} {effect.tag}: {effect.before} -> {effect.after}")
        for problem in report.problems:
            print(f"  {problem}", file=sys.stderr)
    return DONE


def unauthorized(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        queue = list(ops.catalog.unauthorized())
    if output.as_json:
        output.rows([{"bib": bib, "heading": result} for bib, result in queue])
    else:
        for bib, result in queue:
            print(f"{bib} {result.tag} {result.outcome.value:<12} {result.before}")
    return DONE
