"""A gateway on this machine that hangs, fails, or answers too late; and what it took over."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANGS_FOR = 90


class Gateway:
    """``answer(message)`` says what to do: a status, ``hang`` before or ``late`` after taking it over."""

    def __init__(self, answer: Any = lambda message: 200) -> None:
        self.answer, self.taken, self.seen = answer, [], []
        self.release = threading.Event()
        self.held_out = True
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.serve(self, body)

            def log_message(self, format: str, *args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/send"

    def serve(self, handler: Any, body: bytes) -> None:
        """Note what came, take it over where the answer is good, and answer."""
        message = json.loads(body) if body else {}
        self.seen.append((handler.path, dict(handler.headers), body))
        said = self.answer(message)
        if said == "hang":
            self._keep_waiting()
            return
        if said in (200, "late"):
            self.taken.append(message.get("id"))
        if said == "late":
            self._keep_waiting()
            return
        status, told = said if isinstance(said, tuple) else (said, {"id": f"gw-{len(self.taken)}"})
        data = json.dumps(told).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        if 300 <= status < 400:
            handler.send_header("Location", f"http://127.0.0.1:{self.port}/elsewhere")
        handler.end_headers()
        handler.wfile.write(data)

    def _keep_waiting(self) -> None:
        """Say nothing until the test is over; ``held_out`` tells whether nobody had to wait for the end of that."""
        if not self.release.wait(HANGS_FOR):
            self.held_out = False

    def close(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
