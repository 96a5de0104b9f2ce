"""What the verbs for authors of plugins do."""

from __future__ import annotations

import argparse
import subprocess
import sys

from libops.cli.new_plugin import new_plugin
from libops.cli.output import Output

__all__ = ["conformance", "new"]


def conformance(arguments: argparse.Namespace, output: Output) -> int:
    """The contracts are for tests, which nothing that ships imports: they run as a program of their own."""
    command = [sys.executable, "-m", "libops.testing.conformance", arguments.backend]
    command += [f"--host={arguments.host}", f"--only={arguments.only}"]
    command += [f"--plugin={name}" for name in arguments.plugin]
    return subprocess.call([*command, "--json"] if arguments.json else command)


def new(arguments: argparse.Namespace, output: Output) -> int:
    written = new_plugin(arguments.name, arguments.kind, arguments.folder)
    output.rows([path.as_posix() for path in written])
    return 0
