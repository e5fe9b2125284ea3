"""A page counter: each visit counts, wherever it is answered.

The count lives in Redis, which is found by the bare name of its service. `GET /health` answers without
Redis: a counter that cannot count for a moment should say so, not be replaced.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "8000"))
REDIS = (os.environ.get("REDIS_HOST", "redis"), int(os.environ.get("REDIS_PORT", "6379")))
TIMEOUT_S = 2
VERSION = os.environ.get("VERSION", "0")


def count_visit() -> int:
    """Increment the counter and return it; Redis speaks in lines."""
    with socket.create_connection(REDIS, timeout=TIMEOUT_S) as connection:
        connection.sendall(b"INCR visits\r\n")
        answer = connection.makefile("rb").readline()
    if not answer.startswith(b":"):
        raise ConnectionError(f"redis answers {answer!r}")
    return int(answer[1:])


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = False  # closing waits for the answers that are being given


class Page(BaseHTTPRequestHandler):
    def handle(self) -> None:
        with suppress(ConnectionError):  # HAProxy's check resets its connection
            super().handle()

    def do_GET(self) -> None:
        if self.path == "/health":
            self._answer(200, "ok")
            return
        try:
            visits = count_visit()
        except OSError as error:
            self._answer(503, f"no count: {error}")
        else:
            self._answer(200, f"visit {visits}, version {VERSION}, from {socket.gethostname()}")

    def _answer(self, status: int, text: str) -> None:
        body = f"{text}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Leave the access log to the proxy."""


def main() -> None:
    server = Server(("", PORT), Page)

    def stop(_signal: int, _frame: object) -> None:
        # shutdown() waits for the loop below, which this handler interrupts: not in this thread.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


if __name__ == "__main__":
    main()
