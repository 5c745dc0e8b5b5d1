"""A Windows shortcut as the bytes of a .lnk file: [MS-SHLLINK], Shell Link Binary File Format. Pure.

The target is named twice, in LinkInfo and in the environment block; either is enough to find it. The third
way, a list of shell items, is not in the specification. All texts are in UTF-16, and the target in the
system's code page as well.
"""

import struct
from dataclasses import dataclass
from pathlib import PureWindowsPath
from uuid import UUID

from .hotkey import HotKey

_CLASS = UUID("00021401-0000-0000-C000-000000000046")
_HAS_LINK_INFO, _HAS_NAME, _HAS_ARGUMENTS, _HAS_ICON, _IS_UNICODE, _HAS_EXPANSION = (
    0x2,
    0x4,
    0x20,
    0x40,
    0x80,
    0x200,
)
_SHOW_NORMAL = 1
_FIXED_DISK = 3
_SHIFT, _CTRL, _ALT = 1, 2, 4
_F1 = 0x70
_ENVIRONMENT = 0xA0000001
_LONGEST = 259
"""Characters of a path that fit into its block."""


@dataclass(frozen=True, slots=True)
class ShellLink:
    target: str
    """an absolute path, of at most 259 characters"""
    arguments: str
    about: str
    icon: str
    hotkey: HotKey | None = None
    """without Super: Windows keeps that key for itself"""


def link_bytes(link: ShellLink, code_page: str = "ascii") -> bytes:
    """`code_page`: for what reads no Unicode. Raises OSError if the target's path is too long."""
    if len(_utf16(link.target)) // 2 > _LONGEST:
        raise OSError(f"{link.target} is too long for a Windows shortcut; {_LONGEST} characters are the most")
    ansi = link.target.encode(code_page, "replace") + b"\0"
    flags = _HAS_NAME | _HAS_ARGUMENTS | _HAS_ICON | _IS_UNICODE
    local, constant = bool(PureWindowsPath(link.target).drive[1:2] == ":"), "%" not in link.target
    info = _link_info(link.target, ansi) if local else b""
    environment = _environment(link.target, ansi) if constant else b""  # %NAME% in it would be replaced
    flags |= (_HAS_LINK_INFO if info else 0) | (_HAS_EXPANSION if environment else 0)
    texts = b"".join(_counted(text) for text in (link.about, link.arguments, link.icon))
    return _header(flags, link.hotkey) + info + texts + environment + struct.pack("<I", 0)


def _header(flags: int, hotkey: HotKey | None) -> bytes:
    fixed = struct.pack("<I16sII", 76, _CLASS.bytes_le, flags, 0)
    times_and_size = struct.pack("<QQQI", 0, 0, 0, 0)
    return fixed + times_and_size + struct.pack("<iIHHII", 0, _SHOW_NORMAL, _key(hotkey), 0, 0, 0)


def _key(hotkey: HotKey | None) -> int:
    if hotkey is None:
        return 0
    bits = {"Shift": _SHIFT, "Ctrl": _CTRL, "Alt": _ALT}
    held = sum(bits[name] for name in hotkey.modifiers)
    code = _F1 + int(hotkey.key[1:]) - 1 if len(hotkey.key) > 1 else ord(hotkey.key.upper())
    return held << 8 | code


def _link_info(target: str, ansi: bytes) -> bytes:
    header_size = 36
    volume = struct.pack("<IIII", 17, _FIXED_DISK, 0, 16) + b"\0"
    parts = (volume, ansi, b"\0", _utf16(target) + b"\0\0", b"\0\0")
    offsets = [header_size + sum(map(len, parts[:i])) for i in range(len(parts))]
    at_volume, at_base, at_suffix, at_wide_base, at_wide_suffix = offsets
    size = header_size + sum(map(len, parts))
    places = (at_volume, at_base, 0, at_suffix, at_wide_base, at_wide_suffix)
    return struct.pack("<III6I", size, header_size, 1, *places) + b"".join(parts)


def _environment(target: str, ansi: bytes) -> bytes:
    return struct.pack("<II260s520s", 788, _ENVIRONMENT, ansi[:260], _utf16(target))


def _counted(text: str) -> bytes:
    return struct.pack("<H", len(_utf16(text)) // 2) + _utf16(text)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
