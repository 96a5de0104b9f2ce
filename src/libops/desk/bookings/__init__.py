"""The booking desk: rooms, devices and machines for a span of time, and the jobs of a makerspace."""

__all__: list[str] = []
