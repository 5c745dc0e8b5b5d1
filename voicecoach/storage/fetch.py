"""Downloads a file: limited in size, resumed after a broken connection, given up when the server stalls.

What the server claims is checked against what arrives: the length, the position it resumes from, and that the
file has not changed meanwhile (RFC 9110, sections 13.1.5 If-Range and 14 Range Requests). Plain http is
refused wherever a redirect leads, except to this computer.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import requote_uri

from voicecoach.storage.shelf import ShelfError

_CHUNK = 1 << 16
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
Progress = Callable[[int, int | None], None]
"""Called with the bytes received so far, and with the total or None if the server does not say."""


@dataclass(frozen=True, slots=True)
class Patience:
    """`stall_s`: how long the server may send nothing; `attempts`: connections in all."""

    connect_s: float = 15.0
    stall_s: float = 20.0
    attempts: int = 4


class _Broken(Exception):
    """This connection has failed; the next one may resume from what has been received."""


def is_url(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


class Download:
    """A download of `url` into `folder`: NAME.part, and NAME.json with the validator (ETag or date).

    `hash_known`: the caller checks the bytes, so that it does not matter who could have changed them.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        most_bytes: int,
        patience: Patience = Patience(),
        hash_known: bool = False,
    ) -> None:
        self._url, self._most, self._patience, self._hash_known = url, most_bytes, patience, hash_known
        name = hashlib.sha256(url.encode()).hexdigest()[:16]
        self.path = folder / f"{name}.part"
        self._notes = folder / f"{name}.json"

    def run(self, progress: Progress) -> Path:
        """Return the complete file. Raises ShelfError; what was received is kept for the next call."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        problem = ""
        for _ in range(self._patience.attempts):
            before = self._here()
            try:
                self._attempt(progress)
            except (ValueError, requests.TooManyRedirects) as error:  # an address that is none: it stays so
                problem = str(error)
                break
            except (_Broken, requests.RequestException) as error:
                problem = str(error)
                if self._here() <= before and before > 0:
                    self.forget()  # the server cannot resume: start from the beginning
                continue
            return self.path
        kept = self._here()
        goes_on = f" {kept / 1e6:.1f} MB are kept; the same command resumes from there." if kept else ""
        raise ShelfError(f"{self._url}: could not be fetched ({problem}).{goes_on}")

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    def _here(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def _validator(self) -> str | None:
        """The validator the server gave for the file when the download began: an ETag or a date."""
        try:
            noted = json.loads(self._notes.read_text("utf-8"))["validator"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return noted if isinstance(noted, str) else None

    def _attempt(self, progress: Progress) -> None:
        self._refuse_plain_http(self._url)
        have, validator = self._here(), self._validator()
        headers = {"Accept-Encoding": "identity", "User-Agent": "voicecoach"}
        if have and validator:
            headers |= {"Range": f"bytes={have}-", "If-Range": validator}
        timeout = (self._patience.connect_s, self._patience.stall_s)
        hooks = {"response": self._check_redirect}
        with requests.get(self._url, headers=headers, stream=True, timeout=timeout, hooks=hooks) as answer:
            total = self._begin(answer, have)
            here = self._here()
            with self.path.open("ab") as file, _as_broken():
                progress(here, total)
                for chunk in answer.iter_content(_CHUNK):
                    here += len(chunk)
                    self._refuse_larger_than_allowed(here)
                    file.write(chunk)
                    progress(here, total)
        if total is not None and here != total:
            if here > total:
                self.forget()
            raise _Broken(f"received {here} bytes instead of {total}")

    def _begin(self, answer: requests.Response, have: int) -> int | None:
        """Check the response's headers; delete what is here if it starts over; the total, if known."""
        length = _number(answer.headers.get("Content-Length"))
        if answer.status_code == requests.codes.partial_content:
            start, total = _content_range(answer.headers.get("Content-Range", ""))
            if start != have or (length is not None and total is not None and have + length != total):
                self.forget()
                raise _Broken("the server resumed from another position")
            if total is not None:
                self._refuse_larger_than_allowed(total)
            return total
        if answer.status_code == requests.codes.requested_range_not_satisfiable:
            self.forget()
            raise _Broken("the server's file is shorter than what was received")
        if answer.status_code != requests.codes.ok:
            if answer.status_code >= 500:
                raise _Broken(f"the server answered {answer.status_code} {answer.reason}")
            raise ShelfError(f"{self._url}: the server answered {answer.status_code} {answer.reason}.")
        if length is not None:
            self._refuse_larger_than_allowed(length)
        self.forget()
        etag = answer.headers.get("ETag", "")
        strong = "" if etag.startswith("W/") else etag  # a weak ETag does not promise the same bytes
        self._notes.write_text(json.dumps({"validator": strong or answer.headers.get("Last-Modified")}))
        return length

    def _check_redirect(self, answer: requests.Response, **_: object) -> None:
        """Called with every response, before requests follows where it leads."""
        if answer.is_redirect:
            self._refuse_plain_http(urljoin(answer.url, answer.headers["Location"]))

    def _refuse_plain_http(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname not in _LOCAL_HOSTS and not self._hash_known:
            where = "http" if url == self._url else f"it leads to {requote_uri(url)}, and http"
            raise ShelfError(
                f"{self._url}: {where} can be tampered with. Use https, or give the zip's --sha256."
            )

    def _refuse_larger_than_allowed(self, size: int) -> None:
        if size > self._most:
            self.forget()
            raise ShelfError(
                f"{self._url}: larger than {self._most / 1e6:.0f} MB, so it is not fetched. "
                "If you trust it, allow more with --most-mb."
            )


@contextlib.contextmanager
def _as_broken() -> Iterator[None]:
    """Turn a stall or a lost connection in the middle of the body into _Broken."""
    try:
        yield
    except requests.RequestException as error:
        raise _Broken(str(error)) from error
    except OSError as error:
        raise ShelfError(f"the file cannot be written ({error}). Free some space and try again.") from error


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else None


def _content_range(text: str) -> tuple[int | None, int | None]:
    """The first byte and the total in a header such as "bytes 5-9/10"."""
    span, _, total = text.removeprefix("bytes ").partition("/")
    return _number(span.partition("-")[0]), _number(total)
