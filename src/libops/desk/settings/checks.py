"""What settings must agree on among themselves: every name that is used is also defined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from libops.base.errors import InvalidValue, SettingsError
from libops.base.money import Money
from libops.circulation.policy.rules import CircRule, Criterion
from libops.circulation.policy.terms import MissingRenewalPeriod, ZeroRenewalPeriod
from libops.wire.scalars import nearest

if TYPE_CHECKING:
    from libops.desk.settings.file import SettingsFile
    from libops.desk.settings.lending import LendingSettings

__all__ = ["contradictions_in_names"]

NAMED_BY = {
    "library": "libraries",
    "transaction_library": "libraries",
    "patron_library": "libraries",
    "item_library": "libraries",
    "holding_library": "libraries",
    "patron_category": "patron_categories",
    "item_type": "item_types",
}
POLICIES = {
    "loan": "loan_policies",
    "fine": "fine_policies",
    "lost": "lost_policies",
    "suspension": "suspension_policies",
    "reminders": "reminder_policies",
    "limits": "limit_policies",
    "notices": "notice_policies",
    "holds": "hold_policies",
    "recall": "recall_policies",
}


def contradictions_in_names(file: LendingSettings, name: str, *, from_text: bool = False) -> tuple[str, ...]:
    """Everything that names what is not there, each with its path and what may have been meant.

    `from_text`: the rules were written as text, and are called by their lines.
    """
    return tuple(
        f"{name}.{problem}"
        for found in (
            codes(file),
            trees(file),
            calendars(file),
            rules(file, from_text),
            policies(file),
            holds(file),
            other_rooms(file),
            moneys(file.currency, file, ""),
        )
        for problem in found
    )


def unknown(path: str, wrong: str, known: Mapping[Any, object], what: str) -> Iterator[str]:
    if wrong not in known:
        yield f"{path}: there is no {what} {wrong!r}; {nearest(wrong, [str(name) for name in known])}"


def codes(file: LendingSettings) -> Iterator[str]:
    for table in attrs.fields(type(file)):
        known = getattr(file, table.name)
        for code, entry in known.items() if isinstance(known, Mapping) else ():
            if not code.strip() or code != code.strip():
                way = f"write {code.strip()!r}" if code.strip() else "write one such as 'main'"
                yield f"{table.name}: the code {code!r} is blank or has blanks around it; {way}"
            if not getattr(entry, "name", "named").strip():
                yield f"{table.name}.{code}.name: {entry.name!r} is blank; write what people know it by"


def trees(file: LendingSettings) -> Iterator[str]:
    broken = False
    for table, what in (("libraries", "library"), ("patron_categories", "category"), ("item_types", "item type")):
        known = getattr(file, table)
        for code, entry in known.items():
            if entry.parent is not None:
                found = list(unknown(f"{table}.{code}.parent", entry.parent, known, what))
                broken = broken or bool(found)
                yield from found
    if not broken:
        try:
            _ = file.trees
        except InvalidValue as error:
            yield f"parents: {error}"


def calendars(file: LendingSettings) -> Iterator[str]:
    for code, library in file.libraries.items():
        if library.calendar is not None:
            yield from unknown(f"libraries.{code}.calendar", library.calendar, file.calendars, "calendar")


def rules(file: LendingSettings, from_text: bool) -> Iterator[str]:
    text = "rules_text." if from_text else ""
    listed = [(f"{text}{rule.id}" if text else f"rules[{place}]", rule) for place, rule in enumerate(file.rules)]
    if file.fallback is not None:
        listed.append((f"{text}fallback", file.fallback))
    for path, rule in listed:
        yield from criteria(file, path, rule)
        for concern, table in POLICIES.items():
            policy = getattr(rule, concern)
            if policy:
                yield from unknown(f"{path}.{concern}", policy, getattr(file, table), singular(table))


def singular(table: str) -> str:
    return table.removesuffix("ies").replace("_", " ") + "y"


def criteria(file: LendingSettings, path: str, rule: CircRule) -> Iterator[str]:
    for axis, criterion in rule.axes.items():
        table = NAMED_BY.get(axis)
        if table is not None and isinstance(criterion, Criterion):
            for code in (*criterion.any_of, *criterion.none_of):
                yield from unknown(f"{path}.{axis}", code, getattr(file, table), axis.replace("_", " "))


def policies(file: LendingSettings) -> Iterator[str]:
    for name, policy in file.loan_policies.items():
        for concern in ("fine", "lost"):
            table, named = POLICIES[concern], getattr(policy, concern)
            if named:
                yield from unknown(f"loan_policies.{name}.{concern}", named, getattr(file, table), singular(table))
        renewals = policy.renewals
        if renewals.missing_period is MissingRenewalPeriod.ERROR and renewals.period is None and renewals.allowed:
            yield f"loan_policies.{name}.renewals.period: is missing, and missing_period is 'error'"
        again = renewals.period or policy.due.period
        nothing = again is not None and again.amount == 0 and renewals.allowed
        if nothing and renewals.zero_period is ZeroRenewalPeriod.ERROR:
            yield f"loan_policies.{name}.renewals.period: is {again}, and zero_period is 'error'"
    for name, limits in file.limit_policies.items():
        for place, by_type in enumerate(limits.by_item_type):
            for code in by_type.item_types:
                path = f"limit_policies.{name}.by_item_type[{place}].item_types"
                yield from unknown(path, code, file.item_types, "item type")
        for library in limits.by_library:
            yield from unknown(f"limit_policies.{name}.by_library", library, file.libraries, "library")


def other_rooms(file: LendingSettings) -> Iterator[str]:
    """What the tables of other rooms name; nothing to look at where there are none, and nothing names a notice."""
    by_category = any(category.notices for category in file.patron_categories.values())
    if file.alone and not by_category and not file.reminder_policies:
        return
    from libops.desk.settings.file import whole

    full = whole(file)
    yield from notices(full)
    yield from catalog(full)
    yield from labels(full)


def notices(file: SettingsFile) -> Iterator[str]:
    """Every policy named is there, every notice has its template, every text names only what there is."""
    from libops.notices.templates import built_in_templates, problems_of

    named = {
        "bookings.default.notices": file.bookings.default.notices,
        **{f"bookings.named.{name}.notices": each.notices for name, each in file.bookings.named.items()},
        "equipment.notices": file.equipment.notices,
        **{f"patron_categories.{code}.notices": found.notices for code, found in file.patron_categories.items()},
    }
    for path, policy in named.items():
        if policy:
            yield from unknown(path, policy, file.notice_policies, "notice policy")
    if not (file.notice_policies or file.notice_templates or file.reminder_policies):
        return
    known = {**built_in_templates(), **file.notice_templates}
    for name, terms in file.notice_policies.items():
        for place, notice in enumerate(terms.notices):
            path = f"notice_policies.{name}.notices[{place}].template"
            yield from unknown(path, notice.template, known, "notice template")
    for name, reminders in file.reminder_policies.items():
        for place, reminder in enumerate(reminders):
            if reminder.notice:
                path = f"reminder_policies.{name}[{place}].notice"
                yield from unknown(path, reminder.notice, known, "notice template")
    for name, template in file.notice_templates.items():
        for place, text in enumerate(template.texts):
            # Formats that a plugin brings are checked when the library is opened, with its plugins.
            if text.format == "plain":
                yield from (f"notice_templates.{name}.texts[{place}].{each}" for each in problems_of(text))
            if text.library is not None:
                path = f"notice_templates.{name}.texts[{place}].library"
                yield from unknown(path, text.library, file.libraries, "library")


def catalog(file: SettingsFile) -> Iterator[str]:
    """Validation profiles that can be read and are there, item mappings that can be used."""
    from libops.catalog.validation.standard import profile_of, shipped_profiles
    from libops.items.mapping import mapping_of

    policy = file.catalog
    shipped = dict.fromkeys(shipped_profiles())
    yield from unknown("catalog.validation", policy.validation, {**shipped, **policy.profiles}, "validation profile")
    for name, profile in policy.profiles.items():
        try:
            profile_of(f"catalog.profiles.{name}", {"required": profile.required, "expected": profile.expected})
        except SettingsError as error:
            yield from error.problems
    for name, spec in file.item_mappings.items():
        try:
            mapping_of(f"item_mappings.{name}", spec)
        except SettingsError as error:
            yield from error.problems


def labels(file: SettingsFile) -> Iterator[str]:
    """The sheets that labels and cards go on."""
    known = file.labels.all_sheets
    for key in ("sheet", "card_sheet"):
        yield from unknown(f"labels.{key}", getattr(file.labels, key), known, "label sheet")


def holds(file: LendingSettings) -> Iterator[str]:
    """Libraries, types and categories that the tables about holds and returns name."""
    terms, floats = file.holds, file.returns.float_groups
    libraries: dict[str, tuple[str, ...]] = {
        **{
            f"hold_policies.{name}.pickup_libraries": each.pickup_libraries or ()
            for name, each in file.hold_policies.items()
        },
        **{f"holds.groups.{name}": group for name, group in terms.groups.items()},
        **{f"holds.proximity.{start}": (start, *others) for start, others in terms.proximity.items()},
        **{f"returns.float_groups.{name}.libraries": each.libraries for name, each in floats.items()},
    }
    types: dict[str, tuple[str, ...]] = {
        "holds.local_without_item_types": terms.local_without_item_types,
        "returns.by_item_type": tuple(file.returns.by_item_type),
        **{f"returns.float_groups.{name}.item_types": each.item_types for name, each in floats.items()},
    }
    for path, codes in libraries.items():
        for code in codes:
            yield from unknown(path, code, file.libraries, "library")
    for path, codes in types.items():
        for code in codes:
            yield from unknown(path, code, file.item_types, "item type")
    for category in terms.local_without_categories:
        yield from unknown("holds.local_without_categories", category, file.patron_categories, "category")


def moneys(currency: str, value: object, path: str) -> Iterator[str]:
    """Every amount is in the currency of the library."""
    if isinstance(value, Money):
        if value.currency != currency:
            yield f"{path}: {value} is not in {currency}, the currency of these settings"
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from moneys(currency, part, f"{path}.{key.value if isinstance(key, Enum) else key}".lstrip("."))
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from moneys(currency, part, f"{path}[{place}]")
    elif attrs.has(kind := type(value)):
        for name in (found.name for found in attrs.fields(kind) if found.init):
            yield from moneys(currency, getattr(value, name), f"{path}.{name}".lstrip("."))
