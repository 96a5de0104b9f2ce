"""Settings as plain data: from TOML or a dict to frozen values, and back to their canonical form.

All that is wrong is told at once, each with its path, the value that was wrong and what would be right.

>>> from libops.circulation.policy.limits import ItemTypeLimit
>>> from_plain({"item_types": ["dvd"], "limit": 5}, ItemTypeLimit)
ItemTypeLimit(item_types=('dvd',), limit=5)
>>> from_plain({"item_type": ["dvd"], "limit": "five"}, ItemTypeLimit, name="limits")
Traceback (most recent call last):
...
libops.base.errors.SettingsError: limits has 3 problems:
  limits.item_types: is missing
  limits.limit: 'five' is not a whole number: write it without quotes, such as 3
  limits.item_type: unknown key; did you mean 'item_types'?
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin

import attrs

from libops.base.calendars import Hours
from libops.base.errors import InvalidValue, SettingsError
from libops.wire.scalars import (
    READERS,
    WRITERS,
    Reader,
    base_type,
    is_enum,
    is_exact_number,
    nearest,
    reads_enum,
    reads_exact_number,
    reads_hours,
)

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["from_plain", "register_text", "register_variants", "to_plain"]

T = TypeVar("T")
NONE = "none"
"""How a settings file writes "no value" where leaving it out would mean a default."""

TEXTUAL: dict[type, tuple[Reader, Reader]] = {}
VARIANTS: dict[type, tuple[str, str]] = {}
FAMILIES: dict[object, tuple[str, Mapping[str, type]]] = {}


def register_text(kind: type, *, read: Reader, write: Reader) -> None:
    """Let a class be written as text (or a list of texts); `read` raises `InvalidValue`. Called at import."""
    TEXTUAL[kind] = (read, write)


def register_variants(union: object, *, tag: str, kinds: Mapping[str, type]) -> None:
    """Let one of several classes be chosen by the text under the key `tag`. Called at import."""
    FAMILIES[union] = (tag, kinds)
    for name, kind in kinds.items():
        VARIANTS[kind] = (tag, name)


def from_plain(plain: object, kind: type[T], *, name: str = "settings") -> T:
    """Build `kind` from dicts, lists, text, numbers, dates and times.

    Raises `SettingsError` whose `problems` list everything that is wrong, each with its path below `name`.
    """
    from cattrs.errors import BaseValidationError

    try:
        made: T = converter().structure(plain, kind)
    except BaseValidationError as group:
        problems = tuple(dict.fromkeys(told(group, name)))
    except InvalidValue as error:
        problems = (f"{name}: {error}",)
    else:
        return made
    count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
    raise SettingsError("\n  ".join([f"{name} has {count}:", *problems]), problems)


def to_plain(value: object) -> Any:
    """The canonical form: dicts, lists, text, numbers and yes-or-no; what equals its default is left out."""
    return converter().unstructure(value)


# --- What is wrong, with its path


def told(error: BaseException, path: str) -> list[str]:
    """One line for each problem in a tree of errors."""
    from cattrs.errors import ForbiddenExtraKeysError

    if isinstance(error, BaseExceptionGroup):
        return [line for part in error.exceptions for line in told_of(part, path)]
    if isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(error.cl) if field.init]
        return [f"{path}.{key}: unknown key; {nearest(key, known)}" for key in sorted(error.extra_fields)]
    return [f"{path}: {error}"]


def told_of(part: BaseException, path: str) -> list[str]:
    from cattrs.errors import AttributeValidationNote, IterableValidationNote

    for note in getattr(part, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            path = f"{path}.{note.name}"
            if isinstance(part, KeyError) and part.args == (note.name,):
                return [f"{path}: is missing"]
        elif isinstance(note, IterableValidationNote):
            path = f"{path}[{note.index}]" if isinstance(note.index, int) else f"{path}.{note.index}"
    return told(part, path)


# --- The converter, made at first use


@cache
def converter() -> Converter:
    """The one converter; making it costs an import of cattrs, so it waits until settings are read."""
    from cattrs import Converter

    made = Converter(detailed_validation=True, forbid_extra_keys=True, omit_if_default=True)
    made.register_structure_hook_factory(attrs.has, lambda kind: reads_class(kind, made))
    made.register_structure_hook_factory(is_enum, lambda kind: taking_value(reads_enum(kind)))
    for scalar, read in READERS.items():
        made.register_structure_hook(scalar, taking_value(read))
        made.register_structure_hook_func(newtype_of(scalar), taking_value(read))
    made.register_structure_hook_factory(is_list, lambda kind: reads_many(kind, made, list_of))
    made.register_structure_hook_factory(is_table, lambda kind: reads_many(kind, made, table_of))
    made.register_structure_hook_factory(is_optional, lambda kind: reads_optional(kind, made))
    made.register_structure_hook_func(is_hours, taking_value(reads_hours))
    made.register_structure_hook_func(is_exact_number, taking_value(reads_exact_number))
    made.register_structure_hook_factory(is_family, lambda union: reads_variant(union, made))
    made.register_unstructure_hook_factory(attrs.has, lambda kind: writes_class(kind, made))
    made.register_unstructure_hook_func(is_hours, lambda hours: " ".join(map(str, hours)))
    for scalar, write in WRITERS.items():
        made.register_unstructure_hook(scalar, write)
    made.register_unstructure_hook_func(is_enum, lambda member: member.value)
    return made


def newtype_of(kind: type) -> Callable[[Any], bool]:
    return lambda asked: asked is not kind and base_type(asked) is kind


def is_hours(kind: Any) -> bool:
    return bool(kind == tuple[Hours, ...])


def is_list(kind: Any) -> bool:
    return get_origin(kind) in (tuple, frozenset)


def is_table(kind: Any) -> bool:
    return isinstance(origin := get_origin(kind), type) and issubclass(origin, Mapping)


def is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and NoneType in get_args(kind)


def is_family(kind: Any) -> bool:
    return any(kind == union for union in FAMILIES)


def taking_value(read: Reader) -> Callable[[Any, Any], Any]:
    return lambda value, kind: read(value)


def reads_class(kind: type, made: Converter) -> Callable[[Any, Any], Any]:
    from cattrs.gen import make_dict_structure_fn

    if kind in TEXTUAL:
        return taking_value(TEXTUAL[kind][0])
    build: Any = make_dict_structure_fn(kind, made, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True)

    def read(value: Any, asked: Any) -> Any:
        if isinstance(value, Mapping):
            return build(value, asked)
        if isinstance(value, kind):
            return value
        keys = ", ".join(field.name for field in attrs.fields(kind) if field.init)
        raise InvalidValue(f"{value!r} is not a table: write its keys, such as {keys}")

    return read


def list_of(value: Any) -> list[tuple[Any, Any]]:
    if not isinstance(value, (list, tuple, set, frozenset)):
        table = isinstance(value, Mapping)
        how = "write each entry as a table of its own, under [[...]]" if table else "put it in brackets"
        raise InvalidValue(f"{value!r} is not a list: {how}")
    return list(enumerate(value))


def table_of(value: Any) -> list[tuple[Any, Any]]:
    if not isinstance(value, Mapping):
        raise InvalidValue(f"{value!r} is not a table: write a name and its value for each entry")
    return list(value.items())


def reads_many(kind: Any, made: Converter, parts: Callable[[Any], list[tuple[Any, Any]]]) -> Callable[[Any, Any], Any]:
    from cattrs.errors import IterableValidationError, IterableValidationNote

    named = parts is table_of
    member = get_args(kind)[1 if named else 0]
    build: Callable[[Any], Any] = dict if named else lambda found: get_origin(kind)(found.values())

    def read(value: Any, asked: Any) -> Any:
        found, errors = {}, []
        for key, part in parts(value):
            try:
                name = made.structure(key, get_args(kind)[0]) if named else key
                found[name] = made.structure(part, member)
            except Exception as error:
                note = IterableValidationNote(f"at {key}", key, member)
                error.__notes__ = [*getattr(error, "__notes__", []), note]
                errors.append(error)
        if errors:
            raise IterableValidationError("several values", errors, kind)
        return build(found)

    return read


def reads_optional(kind: Any, made: Converter) -> Callable[[Any, Any], Any]:
    kinds = tuple(part for part in get_args(kind) if part is not NoneType)
    inner: Any = kinds[0] if len(kinds) == 1 else Union[kinds]  # noqa: UP007
    textual = base_type(inner) is str

    def read(value: Any, asked: Any) -> Any:
        if value is None or (value == NONE and not textual):
            return None
        return made.structure(value, inner)

    return read


def reads_variant(union: Any, made: Converter) -> Callable[[Any, Any], Any]:
    tag, kinds = next(family for known, family in FAMILIES.items() if known == union)

    def read(value: Any, asked: Any) -> Any:
        if isinstance(value, tuple(kinds.values())):
            return value
        if not isinstance(value, Mapping):
            given = value if value in kinds else next(iter(kinds))
            raise InvalidValue(f'{value!r} is not a table: write it as {{ {tag} = "{given}" }}')
        name = value.get(tag)
        if name is None:
            raise InvalidValue(f"the key {tag!r} is missing; choose one of {', '.join(kinds)}")
        if not isinstance(name, str) or name not in kinds:
            raise InvalidValue(f"{tag} {name!r} is not known; {nearest(str(name), list(kinds))}")
        return made.structure({key: part for key, part in value.items() if key != tag}, kinds[name])

    return read


def writes_class(kind: type, made: Converter) -> Callable[[Any], Any]:
    from cattrs.gen import make_dict_unstructure_fn

    if kind in TEXTUAL:
        return TEXTUAL[kind][1]
    if kind in WRITERS:
        return WRITERS[kind]
    attrs.resolve_types(kind)
    build: Any = make_dict_unstructure_fn(kind, made, _cattrs_omit_if_default=True)
    variant = VARIANTS.get(kind)

    def write(value: Any) -> Any:
        plain = {name: NONE if part is None else part for name, part in build(value).items()}
        return {variant[0]: variant[1], **plain} if variant else plain

    return write
