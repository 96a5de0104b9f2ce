"""Records and events to plain data and back: the only rooms that know cattrs.

`columns` lays a kind of record out as typed columns, `events` writes the log, `plain` reads settings.
"""

__all__: list[str] = []
