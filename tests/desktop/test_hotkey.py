"""A hot key as somebody types it, and as each desktop writes it."""

import pytest

from voicecoach.desktop import HotKey
from voicecoach.tables import InputError


@pytest.mark.parametrize(
    ("typed", "shown", "gnome", "kde"),
    [
        ("<Super>b", "Super+B", "<Super>b", "Meta+B"),
        ("super+B", "Super+B", "<Super>b", "Meta+B"),
        ("<Alt><Primary>F9", "Ctrl+Alt+F9", "<Control><Alt>F9", "Ctrl+Alt+F9"),
        ("Shift+Win+1", "Super+Shift+1", "<Super><Shift>1", "Meta+Shift+1"),
        ("f12", "F12", "F12", "F12"),
    ],
)
def test_it_may_be_typed_in_either_way(typed: str, shown: str, gnome: str, kde: str) -> None:
    key = HotKey.of(typed)
    assert (str(key), key.gnome, key.kde) == (shown, gnome, kde)
    assert HotKey.of(shown) == HotKey.of(gnome) == key


@pytest.mark.parametrize(
    "typed", ["", "b", "Shift+b", "<Super>", "Hyper+b", "Super+F13", "Super+ü", "Super+b+c"]
)
def test_what_cannot_be_one_or_would_take_a_letter_from_all_typing_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="Write it like <Super>b"):
        HotKey.of(typed)
