"""The demo: a week at a small town library, told as it happens, and a folder to look at afterwards."""

from libops.cli.demo.week import live_a_week

__all__ = ["live_a_week"]
