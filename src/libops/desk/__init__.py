"""The desk: the shell that loads facts, asks the rooms, commits what they plan and announces it.

`Operations` is the facade, opened with `libops.open`; it has one part for each room.
"""

__all__: list[str] = []
