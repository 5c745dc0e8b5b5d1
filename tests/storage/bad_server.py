"""A server with switches: it truncates, lies about length and place, changes the file, and stalls."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Shop:
    """What is served, and how badly. `cut_after`: bytes of each answer before the line goes dead, one entry
    an answer (None: the whole of it)."""

    body: bytes
    etag: str | None = '"one"'
    ranges: bool = True
    cut_after: list[int | None] = field(default_factory=list)
    stall: bool = False
    """a cut is then a silence and not a closed line"""
    claimed: int | None = None
    """the Content-Length of whole answers, where it is a lie"""
    chunked: bool = False
    status: int = 200
    shift: int = 0
    """answers to a range begin this much off"""
    asked: list[str | None] = field(default_factory=list)
    """the Range header of each request"""
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        wanted = handler.headers.get("Range")
        self.asked.append(wanted)
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
def serving(shop: Shop) -> Iterator[str]:
    """The address of the shop's one file."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shop.answer(self)

        log_message: Callable[..., None] = lambda *_: None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/small-model.zip"
    finally:
        shop.over.set()
        server.shutdown()
        server.server_close()
