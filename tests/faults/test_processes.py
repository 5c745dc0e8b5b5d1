"""Whatever the process is started with, closed streams, a narrow or dumb terminal, no home: it plays, or ends
with a sentence and a documented code."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from tests.faults.process import SHORT

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

import termios

ROOT = Path(__file__).resolve().parents[2]
COACH = f"{sys.executable} -m voicecoach"
ENDED, UNREAD, UNWRITTEN = "Session ended: not started.", 141, 7
NOTHING_SAID = 10
"""The code of a session in which nobody answers the questions."""


def play(home: Path, speed: str = "virtual") -> str:
    return f"{COACH} start {SHORT} --no-microphone --speaker {home}/coach.wav --speed {speed}"


def run(line: str, home: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """`line` in a shell, which says the first command's code. `env`: without a variable that is empty."""
    whole = {**os.environ, "VOICECOACH_HOME": str(home), "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(
        ["bash", "-c", f"{line}; exit ${{PIPESTATUS[0]}}"],
        cwd=home,
        env={name: value for name, value in whole.items() if value},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def well(ran: "subprocess.CompletedProcess[str]") -> None:
    for output in (ran.stdout, ran.stderr):
        assert "Traceback" not in output
        assert "Exception ignored" not in output


@pytest.mark.fault("a standard stream is closed, or its reader gone, in a session", "the session is played")
@pytest.mark.parametrize(
    "streams",
    ["| true", "| head -1", "<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full", "2>&1 | true"],
)
def test_a_session_is_played_whatever_becomes_of_its_standard_streams(tmp_path: Path, streams: str) -> None:
    ran = run(f"{play(tmp_path)} {streams}", tmp_path)
    well(ran)
    assert ran.returncode == NOTHING_SAID, ran.stderr
    assert len(soundfile.read(tmp_path / "coach.wav")[0]) > 30 * 48_000
    if not re.search(r"\||>&-|>/", streams.replace("2>", "")):
        assert ENDED in ran.stdout


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
@pytest.mark.fault("standard error or input is closed", "no file of the session gets its number")
def test_what_is_written_to_a_closed_standard_error_lands_in_no_file_of_the_session(tmp_path: Path) -> None:
    """The lock's file was standard input, or standard error, of libraries and of started programs."""
    line = f"exec {play(tmp_path, 'real')} <&- 2>&-"
    env = {**os.environ, "VOICECOACH_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    first = subprocess.Popen(
        ["bash", "-c", line], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout is not None
        assert any("If anything hurts" in line for line in first.stdout)
        standard = [os.readlink(f"/proc/{first.pid}/fd/{number}") for number in (0, 2)]
        assert standard == ["/dev/null", str(tmp_path / "log" / "sound.log")]
        files = [os.readlink(file) for file in Path(f"/proc/{first.pid}/fd").iterdir()]
        assert files.count(str(tmp_path / "data" / "session.lock")) == 1
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=10)
    assert first.returncode == 130


@pytest.mark.fault("nobody reads the output of a command", "it ends without a word, with code 141")
@pytest.mark.parametrize("command", ["list", "--help", "model list", "show floor", "start --help"])
def test_a_command_whose_output_nobody_reads_ends_quietly(tmp_path: Path, command: str) -> None:
    """As `ls` and `git` do: 128 and the number of SIGPIPE. It was 1, as if something had failed."""
    ran = run(f"{COACH} {command} | true", tmp_path)
    assert (ran.returncode, ran.stderr) == (UNREAD, "")


@pytest.mark.fault("the output of a command cannot be written", "a sentence, and code 7")
@pytest.mark.parametrize("command", ["list", "--help", "show floor", "start --help"])
def test_an_output_that_cannot_be_written_is_said(tmp_path: Path, command: str) -> None:
    ran = run(f"{COACH} {command} >/dev/full", tmp_path)
    assert ran.stderr.startswith("voicecoach: The output cannot be written (")
    assert ran.stderr.count("\n") == 1
    assert ran.returncode == UNWRITTEN


@pytest.mark.fault("an error cannot be told, since standard error takes nothing", "its code is the same")
@pytest.mark.parametrize("streams", ["2>/dev/full", "2>&-", ">&- 2>&-", "2>&1 >/dev/null | true"])
@pytest.mark.parametrize("command", ["start nonsense", "nonsense"])
def test_an_error_that_cannot_be_told_keeps_its_code(tmp_path: Path, command: str, streams: str) -> None:
    ran = run(f"{COACH} {command} {streams}", tmp_path)
    well(ran)
    assert ran.returncode == 2


@pytest.mark.fault("LANG=C, and a name that ASCII does not have", "played; a sentence with the rest of it")
@pytest.mark.parametrize("utf8", ["", "0"])
def test_under_lang_c_a_session_is_played_and_an_error_is_a_sentence(tmp_path: Path, utf8: str) -> None:
    home = tmp_path / ("Rücken" if not utf8 else "ruecken")  # libsndfile's file names are the locale's
    home.mkdir()
    (home / "übung.toml").write_text(Path(SHORT).read_text("utf-8").replace("Short", "Kürzer – 背"), "utf-8")
    ascii_only = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": utf8, "PYTHONCOERCECLOCALE": utf8}
    ran = run(play(home).replace(SHORT, str(home / "übung.toml")), home, **ascii_only)
    well(ran)
    assert ran.returncode == NOTHING_SAID, ran.stderr
    assert ENDED in ran.stdout
    ran = run(f"{COACH} show übung.toml", home, **ascii_only)
    well(ran)
    assert ran.returncode == 0, ran.stderr
    ran = run(f"{COACH} start übel.toml", home, **ascii_only)
    assert ran.returncode == 2
    assert ran.stderr.startswith("voicecoach: ")
    well(ran)


@pytest.mark.fault("a program whose file has a name that is no text", "played, and remembered")
def test_a_session_of_a_program_whose_name_is_no_text_is_remembered(tmp_path: Path) -> None:
    """The journal's thread died of it, with a traceback, and the next start knew of no lock."""
    name = os.fsencode(tmp_path) + b"/\xff.toml"
    Path(os.fsdecode(name)).write_bytes(Path(SHORT).read_bytes())
    ran = run(play(tmp_path).replace(SHORT, os.fsdecode(name)), tmp_path)
    well(ran)
    assert ran.returncode == NOTHING_SAID, ran.stderr
    ran = run(f"{COACH} history", tmp_path)
    assert "not started" in ran.stdout


NO_USER = "import os, pwd; pwd.getpwuid = lambda uid: {}[uid]; "
"""The user is in no list of users, as in many containers."""


@pytest.mark.fault("there is no home, and no VOICECOACH_HOME", "a sentence with the remedy, and code 2")
@pytest.mark.parametrize("command", ["start", "list", "history", "doctor", "model list"])
def test_without_a_home_the_user_is_told_what_to_set(tmp_path: Path, command: str) -> None:
    """A folder named ~ was made wherever one stood, and each folder had a journal, and a lock, of its own."""
    code = (
        f"{NO_USER}import sys; sys.argv[1:] = {command.split()}; from voicecoach.__main__ import main; main()"
    )
    nowhere = {"HOME": "", "VOICECOACH_HOME": "", "XDG_DATA_HOME": "", "PYTHONDONTWRITEBYTECODE": "1"}
    ran = run(f'{sys.executable} -c "{code}"', tmp_path, **nowhere)
    assert ran.returncode == 2, ran.stderr
    assert "Set HOME, or VOICECOACH_HOME" in ran.stderr
    well(ran)
    assert list(tmp_path.iterdir()) == []


def test_where_home_is_unset_the_list_of_users_says_where_it_is(tmp_path: Path) -> None:
    code = (
        "import pwd, types, sys; from pathlib import Path; from voicecoach.storage import Places; "
        "pwd.getpwuid = lambda uid: types.SimpleNamespace(pw_dir=str(Path.cwd())); "
        "print(Places.of_user().journal)"
    )
    unset = {"HOME": "", "VOICECOACH_HOME": "", "XDG_DATA_HOME": ""}
    ran = run(f'{sys.executable} -c "{code}"', tmp_path, **unset)
    assert Path(ran.stdout.strip()).is_relative_to(tmp_path), ran.stderr


def in_terminal(home: Path, columns: int, term: str) -> tuple[int, str]:
    """The code and the transcript of a session in a terminal of `columns`; a key is pressed in it."""
    env = {**os.environ, "VOICECOACH_HOME": str(home), "PYTHONPATH": str(ROOT), "TERM": term}
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
        env.pop(name, None)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 10, columns, 0, 0))
    with subprocess.Popen(
        play(home).split(), stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True
    ) as process:
        os.close(theirs)
        shown = b""
        while data := read(ours):
            shown += data
        os.close(ours)
        return process.wait(10), shown.decode().replace("\r", "")


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # nobody is at its other end any more
        return b""


@pytest.mark.fault("a terminal of 20 columns, or one", "every word is shown")
@pytest.mark.parametrize("columns", [20, 1, 0])
def test_in_a_narrow_terminal_every_word_is_shown(tmp_path: Path, columns: int) -> None:
    code, shown = in_terminal(tmp_path, columns, "xterm")
    assert code == NOTHING_SAID
    lines = re.sub(r"\x1b\[\?1049h.*?\x1b\[\?1049l", "", shown, flags=re.DOTALL)  # the screen is left again
    plain = re.sub(r"\x1b\[[0-9;]*m", "", lines)
    assert re.sub(r"\s", "", ENDED) in re.sub(r"\s", "", plain)
    assert "Ihavenomicrophone,sopleaseusethekeys." in re.sub(r"\s", "", plain)
    if columns:
        assert max(len(line) for line in plain.replace("\a", "").splitlines()) <= columns
    assert "Traceback" not in shown


@pytest.mark.fault("a terminal that knows no colours (TERM=dumb), or none (TERM unset)", "plain text")
@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_dumb_terminal_gets_plain_text(tmp_path: Path, term: str) -> None:
    code, shown = in_terminal(tmp_path, 80, term)
    assert code == NOTHING_SAID
    assert ENDED in shown
    assert "Traceback" not in shown
    if term:
        assert "\x1b" not in shown
