#!/usr/bin/env python3
"""Set up and run libops for development: `python3 dev.py test` and its sisters, on nothing but Python 3.11.

    demo    live a week at a small town library          lint    style, formatting, who may import whom
    test    the whole test suite                          types   strict type check
    bench   measure against the budgets                   docs    build the documentation
    check   lint, types, test and docs

Words after the verb go to the tool behind it: `python3 dev.py test tests/fees -k grace`.

The first start makes `.venv` and installs what the verb needs; later starts compare a stamp and go straight on, also
offline. This file keeps to syntax that old interpreters can parse, so that they can say what is wrong in one line.
"""

from __future__ import print_function

import sys

if sys.version_info < (3, 11):
    sys.exit("libops needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

import hashlib
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import time
import tomllib

HOME = pathlib.Path(__file__).resolve().parent
VENV = HOME / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "libops-stamp.json"
PIP_LOG = VENV / "pip.log"
CONSTRAINTS = HOME / "constraints.txt"
NOTHING = {"fingerprint": "", "interpreter": "", "projects": [], "groups": []}

GROUPS = {
    "demo": ("cli",),
    "test": ("cli", "testing", "test"),
    "lint": ("lint",),
    "types": ("cli", "testing", "types"),
    "docs": ("cli", "testing", "docs"),
    "bench": ("cli", "testing", "bench"),
    "check": ("cli", "testing", "test", "lint", "types", "docs"),
}
"""The extras and dependency groups (of the core and of every plugin) that a verb needs."""

NO_ENSUREPIP = (
    "This Python cannot make virtual environments: its ensurepip module is missing. "
    "On Debian and Ubuntu run `sudo apt install python3-venv`; elsewhere use a complete Python 3.11 or newer. "
    "Then run the same command again."
)
NO_DOWNLOAD = (
    "Some packages could not be downloaded (is there a network?). "
    "Nothing is broken: run the same command again when there is one. pip's own words are in %s."
)
NO_INSTALL = "Setting up .venv failed: %s (all of pip's words are in %s)"
DOWNLOAD_TROUBLE = (
    "Connection",
    "Max retries",
    "No matching distribution",
    "Read timed out",
    "Temporary failure",
    "ProxyError",
    "SSLError",
    "NewConnectionError",
    "HTTP error",
    "ReadTimeoutError",
)


def stop(message):
    """End in the middle of a set-up with one plain sentence on a line of its own."""
    sys.exit("\n" + message)


def projects():
    """The project files: the core's first, then every plugin's."""
    return [HOME / "pyproject.toml"] + sorted(HOME.glob("plugins/libops-*/pyproject.toml"))


def fingerprint():
    """A hash of all that decides what is installed: the interpreter, every project file, the pins."""
    found = hashlib.sha256(repr((sys.version, sys.base_prefix, str(HOME))).encode())
    for path in projects() + [CONSTRAINTS]:
        found.update(str(path.relative_to(HOME)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def stamped():
    """What the last finished set-up wrote down."""
    try:
        return dict(NOTHING, **json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return dict(NOTHING)


def requirements(groups):
    """The requirement texts of these extras and dependency groups, over all project files."""
    found = []
    for path in projects():
        project = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in (project["project"].get("optional-dependencies", {}), project.get("dependency-groups", {})):
            for group in groups:
                found.extend(table.get(group, ()))
    return sorted(set(found))


def pip_install(arguments):
    """Run pip inside `.venv`; when it fails, say so in one sentence and stop."""
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["-c", str(CONSTRAINTS)]
    ran = subprocess.run(command + arguments, cwd=HOME, capture_output=True, text=True)
    if ran.returncode == 0:
        return
    words = ran.stdout + ran.stderr
    PIP_LOG.write_text(words, encoding="utf-8")
    where = PIP_LOG.relative_to(HOME)
    if any(sign in words for sign in DOWNLOAD_TROUBLE):
        stop(NO_DOWNLOAD % where)
    errors = [line for line in words.splitlines() if line.startswith("ERROR")]
    stop(NO_INSTALL % (errors[-1] if errors else "pip gave no reason", where))


def make_venv(fitting):
    """Make `.venv`, unless a sound and fitting one is there (a set-up that was cut off is finished)."""
    sound = PYTHON.exists() and subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    if fitting and sound:
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        stop(NO_ENSUREPIP)
    shutil.rmtree(VENV, ignore_errors=True)
    base = getattr(sys, "_base_executable", "") or sys.executable
    ran = subprocess.run([base, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if ran.returncode != 0:
        words = (ran.stdout + ran.stderr).strip().splitlines()
        stop(NO_ENSUREPIP if any("ensurepip" in line for line in words) else "Making .venv failed: " + words[-1])


def set_up(verb):
    """Bring `.venv` up to date for a verb; nothing is run when the stamp says that nothing changed."""
    before, wanted = stamped(), set(GROUPS[verb])
    now = {
        "fingerprint": fingerprint(),
        "interpreter": "%s %s" % (sys.version, sys.base_prefix),
        "projects": [str(path.parent.relative_to(HOME)) for path in projects()],
    }
    if before["fingerprint"] == now["fingerprint"] and wanted <= set(before["groups"]) and PYTHON.exists():
        return
    started = time.monotonic()
    print("Setting up .venv for `%s` ..." % verb, end="", file=sys.stderr, flush=True)
    # A plugin that is gone must not stay installed, and another interpreter needs an environment of its own.
    fitting = before["interpreter"] == now["interpreter"] and set(before["projects"]) <= set(now["projects"])
    make_venv(fitting or not STAMP.exists())
    if fitting:
        wanted |= set(before["groups"])
    build = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    pip_install(build)
    editable = [part for path in projects() for part in ("-e", str(path.parent))]
    pip_install(["--no-build-isolation"] + editable + requirements(wanted))
    STAMP.write_text(json.dumps(dict(now, groups=sorted(wanted))), encoding="utf-8")
    print(" done in %.0f s." % (time.monotonic() - started), file=sys.stderr)


def run(*command):
    """Run one command at the project's home with `.venv` in front, and return its exit code."""
    sources = [str(HOME / "src")] + [str(path) for path in sorted(HOME.glob("plugins/libops-*/src"))]
    paths = {"PATH": str(BIN) + os.pathsep + os.environ.get("PATH", ""), "MYPYPATH": os.pathsep.join(sources)}
    return subprocess.call([str(word) for word in command], cwd=HOME, env=dict(os.environ, **paths))


def demo(words):
    """A week at a small town library; leaves a folder to look at."""
    return run(PYTHON, "-m", "libops.cli", "demo", *words)


def test(words):
    """Everything that pytest collects; the whole suite on two workers, a choice of tests on one."""
    return run(PYTHON, "-m", "pytest", *(words or ["-n", "2"]))


def lint(words):
    """Ruff's checks and formatting, then the floors of the house; with --fix, what ruff can mend is mended."""
    where = [word for word in words if word != "--fix"] or ["."]
    check, form = (["--fix"], []) if "--fix" in words else ([], ["--check"])
    return (
        run(PYTHON, "-m", "ruff", "check", *(check + where))
        or run(PYTHON, "-m", "ruff", "format", *(form + where))
        or run(BIN / "lint-imports", "--no-logo")
    )


def types(words):
    """mypy, strict, on the core and every plugin."""
    return run(PYTHON, "-m", "mypy", *(words or ["src"] + sorted(HOME.glob("plugins/libops-*/src"))))


def docs(words):
    """The documentation as HTML; a warning is an error."""
    return run(
        PYTHON, "-m", "sphinx", "-W", "--keep-going", "-q", "-j", "auto", *(words + ["docs", "docs/_build/html"])
    )


def bench(words):
    """The budgets, each beside its floor."""
    return run(PYTHON, "benchmarks", *words)


def check(words):
    """All that must hold before a change lands; goes on after a failure and names them all."""
    failed = [step.__name__ for step in (lint, types, test, docs) if step(words) != 0]
    print("failed: " + ", ".join(failed) if failed else "All checks passed.")
    return 1 if failed else 0


def main(words):
    """Run one verb; without one, show this file's docstring."""
    steps = {step.__name__: step for step in (demo, test, lint, types, check, docs, bench)}
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0 if words else 2
    if words[0] not in steps:
        print("There is no verb `%s`; there are %s." % (words[0], ", ".join(steps)), file=sys.stderr)
        return 2
    try:
        set_up(words[0])
        return steps[words[0]](words[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
