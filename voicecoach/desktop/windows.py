"""A .lnk in the Start menu and on the desktop. Untested on real hardware.

Only the Windows shell writes that format reliably, so PowerShell calls it. Every value is passed in an
environment variable, so that nothing in the user's paths is ever read as PowerShell.
"""

import os
import subprocess
from pathlib import Path

from voicecoach.files import replacing

LINK_NAME = "Voicecoach.lnk"
_SAVE = (
    "$ErrorActionPreference = 'Stop';"
    "$link = (New-Object -ComObject WScript.Shell).CreateShortcut($env:VOICECOACH_LINK);"
    "$link.TargetPath = $env:VOICECOACH_TARGET;"
    "$link.Arguments = $env:VOICECOACH_ARGUMENTS;"
    "$link.Description = $env:VOICECOACH_DESCRIPTION;"
    "$link.Save()"
)


def install(program: str, command: list[str]) -> list[Path]:
    target = Path(command[0])
    windowless = target.with_name("pythonw.exe")  # opens no console window
    if target.name.lower() == "python.exe" and windowless.exists():
        target = windowless
    values = {
        "VOICECOACH_TARGET": str(target),
        "VOICECOACH_ARGUMENTS": subprocess.list2cmdline(command[1:]),
        "VOICECOACH_DESCRIPTION": f"Start the {program} session and follow the voice",
    }
    links = _links()
    for link in links:
        with replacing(link, suffix=".lnk") as part:  # Save() accepts no other suffix
            _powershell(_SAVE, {**values, "VOICECOACH_LINK": str(part)})
    return links


def remove() -> list[Path]:
    removed = []
    for link in _links():
        if link.exists():
            link.unlink()
            removed.append(link)
    return removed


def _links() -> list[Path]:
    folders = _powershell("foreach ($f in 'Programs', 'Desktop') { [Environment]::GetFolderPath($f) }", {})
    return [Path(folder) / LINK_NAME for folder in folders.splitlines() if folder.strip()]


def _powershell(script: str, values: dict[str, str]) -> str:
    utf8 = "[Console]::OutputEncoding = [Text.Encoding]::UTF8;"
    done = subprocess.run(
        ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", utf8 + script],
        env={**os.environ, **values},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        raise OSError(f"PowerShell could not handle the shortcut: {done.stderr.strip()}")
    return done.stdout
