"""Words in PostgreSQL: beside the fields of a kind that can be searched stands a `tsvector`, under a GIN index.

The words were folded before they came here, so no configuration, dictionary or extension of the server has a say: the
vector is written out lexeme by lexeme, a letter for each field that holds the word (A for the weightiest to D). It is
a column of the record's own row and is written with it. Every word of a question is a quoted lexeme: nothing that a
person types can be an operator. Words that must stand together are first found by themselves, then looked for in the
text.

A GIN index cannot have the tenant in front without an extension, so the tenant is a lexeme, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from libops.base.errors import InvalidValue
from libops.storage.port import Match, Matches, Term, Versioned
from libops.storage.records import RecordType, comparable

__all__ = ["COLUMN", "declared", "index_of", "match_shape", "match_sql", "match_values", "matches", "vector"]

COLUMN = '"words"'
LABELS = "ABCD"
WEIGHTS = "{0.1,0.3,0.5,1.0}"
"""What a hit counts by the label of its field, D to A: the proportions of `storage.words`."""

LONGEST_LEXEME = 2046
"""Bytes of the longest lexeme the server takes; a longer word is in the text and cannot be searched."""

LONGEST_VECTOR = 900_000
"""Bytes of lexemes in one vector; the server takes a megabyte with its own additions."""

BY_LENGTH = 2
"""The server's code for weighing a hit by how many words the record has."""


def declared() -> str:
    """The column, in the table of a kind with fields that can be searched."""
    return f"{COLUMN} tsvector NOT NULL"


def index_of(type: RecordType[Any]) -> str:
    """The index over the column. Nothing waits in a list to be put in order: a search would have to read through it,
    and in a serializable transaction would collide with every record that is written.
    """
    return (
        f'CREATE INDEX IF NOT EXISTS "{type.name}_words" ON "{type.name}" USING gin ({COLUMN}) WITH (fastupdate = off)'
    )


def label(type: RecordType[Any], field: str) -> str:
    """The letter of a field. Raises `InvalidValue` for a field that is none, or the fifth."""
    place = type.full_text.index(field) if field in type.full_text else len(LABELS)
    if place >= len(LABELS):
        raise InvalidValue(f"kind {type.name!r} has no field {field!r} among the four that can be searched")
    return LABELS[place]


def quoted(word: str) -> str:
    """A word as a lexeme.

    >>> quoted("o'neill")
    "'o''neill'"
    """
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def of_tenant(tenant: str) -> str:
    """The lexeme of a tenant; no folded word has such a sign."""
    return quoted(f"={tenant}")


def vector(type: RecordType[Any], record: Any, tenant: str) -> str:
    """What of a record can be searched, as the server reads it.

    Each word has one place and the letter for each field that holds it.
    """
    held: dict[str, list[str]] = {}
    for place, field in enumerate(type.full_text, 1):
        for word in dict.fromkeys(getattr(record, field).split()):
            held.setdefault(word, []).append(f"{place}{label(type, field)}")
    parts, size = [of_tenant(tenant)], 0
    for word, places in held.items():
        length = len(word.encode())
        size += length + 16
        if length <= LONGEST_LEXEME and size <= LONGEST_VECTOR:
            parts.append(f"{quoted(word)}:{','.join(places)}")
    return " ".join(parts)


def findable(term: Term) -> bool:
    """Whether a record could hold the term at all."""
    return bool(term.words) and all(word and len(word.encode()) <= LONGEST_LEXEME for word in term.words)


def query_of(type: RecordType[Any], term: Term) -> str:
    """The words of a term, all of which must be there, as a `tsquery`."""
    mark = label(type, term.field) if term.field else ""
    *exact, last = term.words
    parts = [quoted(word) + (f":{mark}" if mark else "") for word in exact]
    stars = f"*{mark}" if term.prefix else mark
    parts.append(quoted(last) + (f":{stars}" if stars else ""))
    return " & ".join(parts)


def phrase_of(term: Term) -> str:
    """A term of several words as it stands in a text with a blank on each side."""
    return f" {' '.join(term.words)}" + ("" if term.prefix else " ")


def asked(match: Match) -> list[tuple[Term, ...]]:
    """The ways to ask that can find anything: with something wanted, and nothing wanted that no record could hold."""
    ways = []
    for way in match.any_of:
        wanted = [term for term in way if not term.excluded]
        if wanted and all(map(findable, wanted)):
            ways.append(tuple([term for term in way if findable(term)]))
    return ways


Way = tuple[tuple[bool, bool, str], ...]


def match_shape(match: Match) -> Any:
    """What the text of the SQL depends on."""
    ways = tuple([tuple([(t.excluded, len(t.words) > 1, t.field) for t in way]) for way in asked(match)])
    return (ways, tuple([name for name, _ in match.equal]), match.facets, match.records)


def together(type: RecordType[Any], field: str) -> str:
    """Whether words stand together in the field, or in one of the fields."""
    names = (field,) if field else type.full_text
    return "(" + " OR ".join([f"strpos(' ' || \"{name}\" || ' ', %s) > 0" for name in names]) + ")"


def condition(type: RecordType[Any], way: Way) -> str:
    """One way to ask: all the wanted words, which the index finds; then phrases, then what must not be there."""
    parts = [f"{COLUMN} @@ %s::tsquery"]
    for excluded, phrase, field in way:
        if excluded:
            more = f" AND {together(type, field)}" if phrase else ""
            parts.append(f"NOT ({COLUMN} @@ %s::tsquery{more})")
        elif phrase:
            parts.append(together(type, field))
    return f"({' AND '.join(parts)})"


def match_sql(sql: Any, shape: Any) -> str:
    """The question as one expression that gives JSON: how many, the values of each facet, the page."""
    type = sql.type
    ways, equal, facets, records = shape
    where = ["tenant = $1"]
    where.append(f"({' OR '.join([condition(type, way) for way in ways])})" if ways else "false")
    where += [f'"{name}" = {sql.cast(name)}' for name in equal]
    columns = ", ".join([f"{sql.key} AS found", *dict.fromkeys(f'"{name}"' for name in facets)])
    rank = f"ts_rank('{WEIGHTS}', {COLUMN}, %s::tsquery, {BY_LENGTH})"
    hits = f"SELECT {columns}, {rank} AS rank FROM {sql.table} WHERE {' AND '.join(where)} LIMIT %s::bigint"
    values = [
        f'(SELECT json_agg(json_build_array(v, n) ORDER BY n DESC, v) FROM (SELECT "{name}" AS v, count(*) AS n '
        "FROM (SELECT * FROM hits LIMIT %s::bigint) AS counted GROUP BY 1) AS facet)"
        for name in facets
    ]
    best = (
        "SELECT found, row_number() OVER (ORDER BY rank DESC, found) AS place FROM hits "
        "ORDER BY rank DESC, found LIMIT %s::bigint OFFSET %s::bigint"
    )
    kept = f" JOIN {sql.table} AS kept ON kept.tenant = $1 AND kept.{sql.key} = found" if records else ""
    shown = sql.row if records else "found"
    listed = f"(SELECT json_agg({shown} ORDER BY place) FROM ({best}) AS best{kept})"
    parts = ", ".join(["(SELECT count(*) FROM hits)", f"json_build_array({', '.join(values)})", listed])
    return f"WITH hits AS MATERIALIZED ({hits}) SELECT json_build_array({parts})"


def match_values(sql: Any, tenant: str, match: Match) -> list[Any]:
    """The values of `match_sql`, in their order."""
    type, ways = match.type, asked(match)
    wanted = [wanted_of(type, way) for way in ways]
    of_all = " | ".join([f"({each})" for each in wanted]) or of_tenant(tenant)
    values: list[Any] = [of_all]
    for way, query in zip(ways, wanted, strict=True):
        values.append(f"{of_tenant(tenant)} & {query}")
        for term in way:
            values += values_of(type, term)
    values += [sql.layout.encode(name, comparable(value)) for name, value in match.equal]
    values.append(max(match.count_up_to + 1, match.offset + match.limit))
    values += [match.count_up_to] * len(match.facets)
    return [*values, match.limit, match.offset]


def wanted_of(type: RecordType[Any], way: tuple[Term, ...]) -> str:
    return " & ".join([query_of(type, term) for term in way if not term.excluded])


def values_of(type: RecordType[Any], term: Term) -> Iterator[str]:
    """What `condition` asks of one term beyond the wanted words of its way."""
    if term.excluded:
        yield query_of(type, term)
    if len(term.words) > 1:
        yield from [phrase_of(term)] * (1 if term.field else len(type.full_text))


def matches(sql: Any, match: Match, cell: Any) -> Matches:
    """The answer from its cell."""
    counted, facets, page = cell
    found = [Versioned(sql.from_row(row), row[-1]) for row in page or []] if match.records else []
    keys = [sql.type.key_of(row.record) for row in found] if match.records else page or []
    spread = {name: dict(pairs or []) for name, pairs in zip(match.facets, facets, strict=True)}
    return Matches(found, min(counted, match.count_up_to), counted <= match.count_up_to, spread, keys)
