"""The page behind its guard, asked as the user's own browser asks it."""

from html import unescape
from pathlib import Path

from httpx2 import Response
from starlette.testclient import TestClient

from voicecoach.page.app import application
from voicecoach.page.guard import Codes, Guard
from voicecoach.page.watching import Watching
from voicecoach.storage import Places

PORT, SECRET = 4321, "the-secret-of-this-test"
HERE = f"http://127.0.0.1:{PORT}"


class Pages:
    """`home`: the user's folder for everything."""

    def __init__(self, home: Path) -> None:
        self.places = Places.inside(home)
        codes = Codes()
        guarded = Guard(application(self.places, Watching(self.places.session), codes), SECRET, PORT, codes)
        self._client = TestClient(guarded, base_url=HERE, headers={"Origin": HERE})

    def get(self, path: str = "") -> Response:
        return self._client.get(f"/{SECRET}/{path}")

    def post(self, path: str, **fields: str | list[str]) -> Response:
        return self._client.post(f"/{SECRET}/{path}", data=fields)

    def write_settings(self, text: str) -> None:
        self.places.settings.parent.mkdir(parents=True, exist_ok=True)
        self.places.settings.write_text(text, "utf-8")

    @property
    def settings(self) -> str:
        return self.places.settings.read_text("utf-8")


def text(answer: Response) -> str:
    """With entities resolved, and every space as one."""
    return " ".join(unescape(answer.text).split())
