"""The front door: the `libops` command, thin over the desk.

Exit codes: 0 done; 1 the library said no (the reasons are printed); 2 wrong use of the command; 3 not found;
4 the store or a plugin failed; 5 other desks were faster, try again.
"""

from libops.cli.main import main

__all__ = ["main"]
