"""The linter: what is wrong with circulation rules and policies, each with a case that shows it.

It never runs a rule that it reports on: rules are boxes in the space of all cases, and a witness is searched for.
"""

from libops.circulation.policy.lint.rules import Finding, FindingKind, lint_rules

__all__ = ["Finding", "FindingKind", "lint_rules"]
