"""The store as the core sees it: records of declared kinds, the four verbs of a backend, the log and its fold.

`port` has the four verbs and what they carry, `records` the kinds and their indexes, `kinds` those that each room
keeps, `places` the typed collections, `rebuild` the records that the log gives. Backends are in `hooks.builtin`.
"""

__all__: list[str] = []
