"""What the verbs for authors of plugins do."""

from __future__ import annotations

import argparse
import subprocess
import sys

from libops.cli.output import Output

__all__ = ["conformance"]


def conformance(arguments: argparse.Namespace, output: Output) -> int:
    """The contracts are for tests, which nothing that ships imports: they run as a program of their own."""
    command = [sys.executable, "-m", "libops.testing.conformance", arguments.backend]
    command += [f"--host={arguments.host}", f"--only={arguments.only}"]
    command += [f"--plugin={name}" for name in arguments.plugin]
    return subprocess.call([*command, "--json"] if arguments.json else command)
