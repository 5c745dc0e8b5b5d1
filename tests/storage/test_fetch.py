"""Downloads from a faulty server: the right bytes, or a clear error and no file."""

import random
from pathlib import Path

import pytest

from tests.storage.bad_server import BadServer, serving
from voicecoach.storage import ShelfError
from voicecoach.storage.fetch import Download, Patience

BODY = random.Random(7).randbytes(700_000)
OTHER = random.Random(8).randbytes(700_000)
QUICK = Patience(connect_s=2.0, stall_s=0.3, attempts=3)
ONCE = Patience(connect_s=2.0, stall_s=0.3, attempts=1)
MOST = 1_000_000


def fetched(url: str, folder: Path, patience: Patience = QUICK, most: int = MOST) -> bytes:
    return Download(url, folder, most, patience).run(lambda here, total: None).read_bytes()


def resumed(requested_range: str | None, where: int) -> bool:
    """Whether a request resumes at `where`, or at the last whole chunk before it."""
    start = int((requested_range or "bytes=0-").removeprefix("bytes=").rstrip("-"))
    return where - 2 * 65536 < start <= where and start > 0


def test_a_good_server_gives_the_file_and_progress_ends_at_its_length(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    with serving(BadServer(BODY)) as url:
        path = Download(url, tmp_path, MOST, QUICK).run(lambda here, total: seen.append((here, total)))
    assert path.read_bytes() == BODY
    assert seen[0] == (0, len(BODY))
    assert seen[-1] == (len(BODY), len(BODY))
    assert seen == sorted(seen)


@pytest.mark.parametrize("stall", [False, True], ids=["closed connection", "silence"])
@pytest.mark.fault("a download breaks off, or stalls", "resumed where it stopped")
def test_an_interrupted_download_resumes_where_it_stopped(tmp_path: Path, stall: bool) -> None:
    server = BadServer(BODY, cut_after=[300_000, 200_000], stall=stall)
    with serving(server) as url:
        assert fetched(url, tmp_path) == BODY
    assert server.requested_ranges[0] is None
    assert resumed(server.requested_ranges[1], 300_000)
    assert resumed(server.requested_ranges[2], 500_000)


def test_it_resumes_in_the_next_call_too_and_the_error_says_so(tmp_path: Path) -> None:
    server = BadServer(BODY, cut_after=[300_000])
    with serving(server) as url:
        with pytest.raises(ShelfError, match=r"0\.\d MB are kept; the same command resumes"):
            fetched(url, tmp_path, ONCE)
        assert fetched(url, tmp_path, ONCE) == BODY
    assert resumed(server.requested_ranges[1], 300_000)


def test_a_file_that_changed_meanwhile_is_fetched_from_the_start(tmp_path: Path) -> None:
    """Half of the old file and half of the new one could have the right length."""
    server = BadServer(BODY, cut_after=[300_000])
    with serving(server) as url:
        with pytest.raises(ShelfError):
            fetched(url, tmp_path, ONCE)
        server.body, server.etag = OTHER, '"two"'
        assert fetched(url, tmp_path, ONCE) == OTHER


@pytest.mark.parametrize(
    ("etag", "ranges"),
    [(None, True), ('W/"weak"', True), ('"one"', False)],
    ids=["no ETag", "a weak ETag", "no ranges"],
)
def test_without_a_strong_etag_and_ranges_a_download_starts_over(
    tmp_path: Path, etag: str | None, ranges: bool
) -> None:
    server = BadServer(BODY, etag, ranges, cut_after=[300_000])
    with serving(server) as url:
        assert fetched(url, tmp_path) == BODY


@pytest.mark.parametrize("shift", [-1000, 1000])
@pytest.mark.fault("a server that resumes from another position", "rejected")
def test_a_range_that_begins_at_another_offset_is_rejected(tmp_path: Path, shift: int) -> None:
    with serving(BadServer(BODY, cut_after=[300_000], shift=shift)) as url:
        assert fetched(url, tmp_path) == BODY


def test_a_server_that_always_breaks_off_is_given_up(tmp_path: Path) -> None:
    with (
        serving(BadServer(BODY, cut_after=[0] * 9)) as url,
        pytest.raises(ShelfError, match="could not be fetched"),
    ):
        fetched(url, tmp_path)


@pytest.mark.fault("a server that claims more than it has", "given up")
def test_a_server_that_claims_more_than_it_has_is_given_up(tmp_path: Path) -> None:
    with (
        serving(BadServer(BODY, claimed=len(BODY) + 5, ranges=False)) as url,
        pytest.raises(ShelfError, match="could not be fetched"),
    ):
        fetched(url, tmp_path)


def test_a_file_larger_than_allowed_is_refused_by_its_content_length(tmp_path: Path) -> None:
    with serving(BadServer(BODY)) as url, pytest.raises(ShelfError, match=r"larger than 0 MB.*--most-mb"):
        fetched(url, tmp_path, most=400_000)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.fault("a download without end", "aborted at the limit")
def test_a_file_of_unknown_length_is_aborted_when_it_exceeds_the_limit(tmp_path: Path) -> None:
    with serving(BadServer(BODY, chunked=True)) as url, pytest.raises(ShelfError, match="--most-mb"):
        fetched(url, tmp_path, most=400_000)
    assert not list(tmp_path.glob("*.part"))


def test_a_file_of_unknown_length_is_downloaded_whole(tmp_path: Path) -> None:
    with serving(BadServer(BODY, chunked=True)) as url:
        assert fetched(url, tmp_path) == BODY


@pytest.mark.parametrize(("status", "requests"), [(404, 1), (503, 3)])
def test_a_missing_file_is_reported_at_once_and_an_overloaded_server_is_retried(
    tmp_path: Path, status: int, requests: int
) -> None:
    server = BadServer(BODY, status=status)
    with serving(server) as url, pytest.raises(ShelfError, match=str(status)):
        fetched(url, tmp_path)
    assert len(server.requested_ranges) == requests


def test_an_unreachable_server_is_reported_clearly(tmp_path: Path) -> None:
    with pytest.raises(ShelfError, match="could not be fetched"):
        fetched("http://127.0.0.1:9/small-model.zip", tmp_path)


@pytest.mark.parametrize("url", ["http://[", "https://[::1", "http://" + "a" * 70 + ".invalid/", "https://"])
def test_an_address_that_is_none_is_reported_clearly(tmp_path: Path, url: str) -> None:
    with pytest.raises(ShelfError):
        fetched(url, tmp_path)
