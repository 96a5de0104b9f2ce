"""The desk: the shell that loads facts, asks the rooms, commits what they plan and announces it.

`Operations` is the facade, opened with `libops.open`; it has one part for each room. A part of some size is a folder:
`desk.py` in it holds the acts, beside it stands what the acts read, hand over and sweep. Small parts are one file.

What all parts share is up here: `shell` (an act from its facts to its commit), `reads` (what it looked at), `holders`
(who has a barcode), `announcer` (what follows a commit), `words` (what is said, by language), `sweeps` (the nightly
run).
"""

__all__: list[str] = []
