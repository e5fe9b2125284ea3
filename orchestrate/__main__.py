"""The command `orchestrate`, and `python -m orchestrate`."""

from __future__ import annotations

import gc

_SELDOM = (100_000, 50, 50)
gc.set_threshold(*_SELDOM)
"""Half of a short command is the loading of code, in which there is no garbage to look for."""

from orchestrate.cli import main  # noqa: E402 - see above

__all__ = ["main"]

if __name__ == "__main__":
    main()
