"""The hold desk: who waits for what, who is asked to fetch it, what stands ready."""

__all__: list[str] = []
