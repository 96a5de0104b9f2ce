"""`python -m libops.cli`."""

import sys

from libops.cli.main import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())
