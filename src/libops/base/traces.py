"""Decisions in words: how a decision came about, as text for a terminal and as a card for a notebook.

>>> from libops.base.decisions import RuleConsidered, Trace
>>> print(Trace(rules=(RuleConsidered("children", True, "1", "patron_category is child"),)))
rules
  won  children: patron_category is child
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from libops.base.cards import html_card, html_grid, html_said
from libops.base.decisions import Outcome, Permit, Reason, Refuse, Step, Trace

__all__ = ["missing_text", "permit_html", "refusal_html", "refusal_text", "trace_html", "trace_text"]

WIDTH = 100


def said(value: object) -> str:
    """A value that a step moved; instants as the library's clocks show them."""
    return f"{value:%a %Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def code_of(reason: Reason) -> str:
    return f"{reason.code}, {reason.source}" if reason.source else reason.code


def weight_of(reason: Reason) -> str:
    return f"{reason.weight.value}, right {reason.right}" if reason.right else reason.weight.value


def refusal_text(refusal: Refuse) -> str:
    """Every reason in a line of its own, with its code."""
    return "\n".join(f"No: {reason}  [{code_of(reason)}]" for reason in refusal.reasons)


def missing_text(refusal: Refuse, name: str) -> str:
    """What to say to a program that takes a refusal for a receipt: why it is none, and how to tell them apart."""
    plain = f"{type(refusal).__name__!r} object has no attribute {name!r}"
    if name.startswith("_") or name in ("reasons", "alerts", "trace"):  # asked of half-made values
        return plain
    return (
        f"{plain}, for the answer is no:\n{refusal}\n"
        "Test the answer before you use it: `if answer: answer.result ... else: answer.reasons`"
    )


def refusal_html(refusal: Refuse) -> str:
    """Every reason with its code, its weight and the right that lifts it."""
    parts = [html_said(str(each), f"{code_of(each)} · {weight_of(each)}") for each in refusal.reasons]
    if refusal.trace is not None:
        parts.append(trace_parts(refusal.trace))
    return html_card(parts, heading="No", refused=True)


def permit_html(permit: Permit[object]) -> str | None:
    """What the result shows of itself, then how it came about; None when the result shows nothing."""
    shown = getattr(permit.result, "_repr_html_", lambda: None)()
    if not shown:
        return None
    return f"{shown}{'' if permit.trace is None else trace_html(permit.trace)}"


Row = tuple[str, ...]


def sections(trace: Trace) -> Iterator[tuple[str, Row, list[Row]]]:
    """The parts of a trace that have something to say: a name, columns, rows."""
    if trace.rules:
        rules: list[Row] = [("won" if rule.won else "lost", rule.rule, rule.why) for rule in trace.rules]
        yield "rules", ("", "rule", "why"), rules
    checks: list[Row] = []
    for outcome in (Outcome.FAILED, Outcome.PASSED, Outcome.SKIPPED):
        found = [check for check in trace.checks if check.outcome is outcome]
        checks += [(outcome.value, check.name, str(check.reason)) for check in found if check.reason is not None]
        quiet = ", ".join(check.name for check in found if check.reason is None)
        checks += [(outcome.value, quiet, "")] if quiet else []
    if checks:
        yield "checks", ("", "check", "why"), checks
    for name, steps in (("steps", trace.steps), ("fees", trace.fees)):
        if steps:
            yield name, ("step", "from", "to", "why"), [step_row(step) for step in steps]


def step_row(step: Step) -> tuple[str, ...]:
    return step.name, said(step.before), said(step.after), step.why


def trace_text(trace: Trace) -> str:
    """A trace for a terminal: rules, checks, the steps of the date, and the fees."""
    lines: list[str] = []
    for name, columns, rows in sections(trace):
        lines.append(name)
        width = max(len(row[0]) for row in rows)
        for first, *rest in rows:
            lines += folded(f"  {first:<{width}}  ", line_of(*rest) if columns[0] else ": ".join(filter(None, rest)))
    return "\n".join(lines)


def line_of(before: str, after: str, why: str) -> str:
    return f"{before} becomes {after}{f' ({why})' if why else ''}"


def folded(first: str, text: str) -> list[str]:
    """A long line on several; no module of the standard library that is not needed elsewhere is brought along."""
    lines, line = [], first
    for word in text.split(" "):
        if len(line) + len(word) > WIDTH and line.strip():
            lines.append(line.rstrip())
            line = " " * len(first)
        line += f"{word} "
    return [*lines, line.rstrip()]


def trace_parts(trace: Trace) -> str:
    return "".join(
        f"<div style='margin-top:.6em'><strong>{name}</strong></div>{html_grid(columns, rows)}"
        for name, columns, rows in sections(trace)
    )


def trace_html(trace: Trace) -> str:
    """A trace as a card."""
    return html_card([trace_parts(trace)])
