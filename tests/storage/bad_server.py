"""A server with switches for faults: it truncates, sends wrong lengths and offsets, and stalls."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class BadServer:
    """What is served, and with which faults. `cut_after`: for each response, after how many bytes of the body
    it breaks off (None: not at all)."""

    body: bytes
    etag: str | None = '"one"'
    ranges: bool = True
    cut_after: list[int | None] = field(default_factory=list)
    stall: bool = False
    """a response that breaks off then leaves the connection open, silent"""
    claimed: int | None = None
    """a wrong Content-Length for whole responses"""
    chunked: bool = False
    status: int = 200
    moved_to: str | None = None
    """answer with a redirect to this URL"""
    shift: int = 0
    """responses to a Range header begin this many bytes off"""
    requested_ranges: list[str | None] = field(default_factory=list)
    """the Range header of each request"""
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        wanted = handler.headers.get("Range")
        self.requested_ranges.append(wanted)
        if self.moved_to is not None:
            handler.send_response(302)
            handler.send_header("Location", self.moved_to)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        if self.status != 200:
            handler.send_error(self.status)
            return
        start, code = 0, 200
        if wanted and self.ranges and handler.headers.get("If-Range") in (None, self.etag):
            start, code = int(wanted.removeprefix("bytes=").rstrip("-")) + self.shift, 206
            if start >= len(self.body):
                handler.send_error(416)
                return
        body = self.body[start:]
        handler.send_response(code)
        if self.etag:
            handler.send_header("ETag", self.etag)
        if code == 206:
            handler.send_header("Content-Range", f"bytes {start}-{len(self.body) - 1}/{len(self.body)}")
        if not self.chunked:
            length = self.claimed if self.claimed is not None and code == 200 else len(body)
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        cut = self.cut_after.pop(0) if self.cut_after else None
        handler.wfile.write(body if cut is None else body[:cut])
        handler.wfile.flush()
        if cut is not None and self.stall:
            self.over.wait(20)


@contextmanager
def serving(server: BadServer) -> Iterator[str]:
    """Serves the one file; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.answer(self)

        log_message: Callable[..., None] = lambda *_: None

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/small-model.zip"
    finally:
        server.over.set()
        http.shutdown()
        http.server_close()
