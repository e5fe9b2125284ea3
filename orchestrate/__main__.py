"""The command `orchestrate`, and `python -m orchestrate`.

Most of a short command is the loading of code. So garbage is looked for seldom, as there is none in
code, and not at the end, when all goes anyway; and numpy starts no threads, which would do nothing.
"""

from __future__ import annotations

import atexit
import gc
import os

gc.set_threshold(500_000, 50, 50)
atexit.register(gc.freeze)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from orchestrate.cli import main  # noqa: E402 - see above

__all__ = ["main"]

if __name__ == "__main__":
    main()
