"""The cataloging desk: records in and out, in files or one by one, and those that may be there already."""

__all__: list[str] = []
