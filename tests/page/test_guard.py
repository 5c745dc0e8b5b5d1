"""Who may see the page and give it commands: the user's own browser and the page itself, nobody else."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from voicecoach.page.app import application
from voicecoach.page.guard import Codes, Guard
from voicecoach.page.watching import Watching
from voicecoach.storage import Places

PORT, SECRET = 4321, "the-secret-of-this-test"
HERE = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def codes() -> Codes:
    return Codes()


@pytest.fixture
def page(tmp_path: Path, codes: Codes) -> TestClient:
    places = Places.inside(tmp_path)
    guarded = Guard(application(places, Watching(places.session), codes), SECRET, PORT, codes)
    return TestClient(guarded, base_url=HERE, follow_redirects=False)


def test_the_page_is_there_for_whoever_has_the_secret(page: TestClient) -> None:
    shown = page.get(f"/{SECRET}/")
    assert shown.status_code == 200
    assert "Your first time" in shown.text


@pytest.mark.parametrize(
    "path", ["/", "/guessed/", "/guessed/give", f"/{SECRET[:-1]}/", "/static/page.js", "/open/guessed"]
)
def test_a_guessed_secret_leads_nowhere(page: TestClient, path: str) -> None:
    assert page.get(path).status_code == 404
    assert SECRET not in page.get(path).text


def test_a_name_that_leads_to_this_computer_is_refused(page: TestClient) -> None:
    """DNS rebinding: a foreign page's name that is made to point to 127.0.0.1."""
    for host in ("evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", "[::1]:4321"):
        assert page.get(f"/{SECRET}/", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", f"https://127.0.0.1:{PORT}", "http://127.0.0.1:80"]
)
def test_another_page_gives_no_command(page: TestClient, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    assert page.post(f"/{SECRET}/give", headers=headers, json={"command": "stop"}).status_code == 403
    assert page.post(f"/{SECRET}/start/gentle", headers=headers).status_code == 403
    assert page.post(f"/{SECRET}/code", headers=headers).status_code == 403


def test_the_page_itself_gives_commands_and_is_told_when_nobody_takes_them(page: TestClient) -> None:
    own = {"Origin": HERE}
    assert page.post(f"/{SECRET}/give", headers=own, json={"command": "stop"}).status_code == 409
    assert page.post(f"/{SECRET}/give", headers=own, json={"command": "dance"}).status_code == 400


def test_another_page_cannot_load_a_part_of_it(page: TestClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert page.get(f"/{SECRET}/static/page.js", headers=foreign).status_code == 403


def test_a_code_opens_the_page_once(page: TestClient, codes: Codes) -> None:
    """It stands on the browser's command line, where every user of the computer can read it."""
    code = codes.new()
    first = page.get(f"/open/{code}")
    assert (first.status_code, first.headers["location"]) == (303, f"/{SECRET}/")
    assert page.get(f"/open/{code}").status_code == 404
    assert page.get(f"/open/{codes.new()}?to=try").headers["location"] == f"/{SECRET}/try"
    elsewhere = page.get(f"/open/{codes.new()}?to=//evil.example")
    assert elsewhere.headers["location"] == f"/{SECRET}/"


def test_a_code_is_not_good_for_ever(page: TestClient, codes: Codes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicecoach.page.guard.CODE_S", -1.0)
    assert page.get(f"/open/{codes.new()}").status_code == 404


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_kept(page: TestClient) -> None:
    shown = page.get(f"/{SECRET}/")
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert shown.headers["cache-control"] == "no-store"
    assert "set-cookie" not in shown.headers
    assert not [word for word in ('src="http', "src='http", 'href="http') if word in shown.text]


def test_a_broken_settings_file_is_told_on_the_page(page: TestClient, tmp_path: Path) -> None:
    places = Places.inside(tmp_path)
    places.settings.parent.mkdir(parents=True)
    places.settings.write_text("words_a_minute = 9000\n")
    shown = page.get(f"/{SECRET}/")
    assert shown.status_code == 200
    assert "words_a_minute" in shown.text
    assert "settings.toml" in shown.text


def test_a_page_that_does_not_exist_says_so_in_words(page: TestClient) -> None:
    shown = page.get(f"/{SECRET}/nowhere")
    assert shown.status_code == 404
    assert "There is no such page." in shown.text
