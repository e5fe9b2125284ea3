"""The command `orchestrate`, and `python -m orchestrate`."""

from __future__ import annotations

from orchestrate.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
