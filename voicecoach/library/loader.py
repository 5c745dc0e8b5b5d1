"""The library: one care pack in one language, and the user's own programs and packs.

A pack is a folder of TOML files. packs/LANGUAGE/ has the user's phrases and the coach's own lines.
packs/CARE/ has exercises, programs, protocol and conditions, and in LANGUAGE.toml all their lines. A pack of
the user's takes precedence over one of ours.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voicecoach.care.exercise import Exercise
from voicecoach.care.program import Program
from voicecoach.language.language import Language
from voicecoach.library.exercises import (
    ProgramLines,
    load_exercise,
    load_lines,
    load_own_exercise,
    load_program,
)
from voicecoach.library.languages import load_care_lines, load_coach_lines, load_commands, load_sentences
from voicecoach.library.names import meant
from voicecoach.library.protocols import load_protocol
from voicecoach.session.script import compile_program, parts_ms
from voicecoach.session.state import Options
from voicecoach.tables import InputError, convert, read_table, refused

PACKS = Path(__file__).resolve().parent.parent / "packs"
CARE, LANGUAGE = "lower_back", "en"
"""What is loaded unless another is chosen."""
LONGEST_MIN = 90
"""Three times the longest program there is: beyond it lies a mistake, and a body that nobody watches."""


@dataclass(frozen=True, slots=True)
class Own:
    """The user's own folders, which need not exist."""

    programs: Path
    packs: Path
    exercises: Path | None = None


@dataclass(frozen=True, slots=True)
class _LinesFile:
    """The two tables in a care pack's language file with the lines of each exercise and program."""

    exercises: Mapping[str, Any]
    programs: Mapping[str, ProgramLines] = field(default_factory=dict)


class Library:
    """Every exercise and program of one care pack, its protocol and language. Raises InputError."""

    def __init__(
        self,
        own: Own | None = None,
        care: str = CARE,
        language: str = LANGUAGE,
        mistakes: dict[Path, InputError] | None = None,
    ) -> None:
        """`mistakes` takes those of the user's own exercises, which are left out; None: they are raised."""
        self._own_packs = own.packs if own else None
        folder = self._pack(care, "care pack", "protocol.toml")
        self.protocol = load_protocol(folder)
        spoken = self._pack(language, "language", "commands.toml")
        path = folder / f"{language}.toml"
        if not path.exists():
            raise InputError(f"The care pack {care!r} has no language {language!r}: {path} is missing.")
        table = read_table(path)
        texts = convert(path, {k: table.pop(k) for k in ("exercises", "programs") if k in table}, _LinesFile)
        commands = load_commands(spoken / "commands.toml")
        coach = load_coach_lines(spoken / "coach.toml")
        vocabulary = commands.vocabulary
        self.language = Language(
            id=language,
            model_language=commands.model_language,
            voices=commands.voices,
            vocabulary=vocabulary,
            coach=coach,
            care=load_care_lines(path, table, self.protocol),
            sentences=load_sentences(
                spoken / "sentences.toml", vocabulary, coach.numbers, spoken.parent == PACKS
            ),
        )
        files = {p.stem: p for p in sorted((folder / "exercises").glob("*.toml"))}
        _same(path, "exercises", texts.exercises, files)
        self.exercises = {
            name: self._exercise(file, path, texts.exercises[name]) for name, file in files.items()
        }
        for file in sorted(own.exercises.glob("*.toml")) if own and own.exercises else ():
            with _noted(mistakes, file):
                exercise = self._checked(file, load_own_exercise(file, self.protocol.conditions))
                files[file.stem], self.exercises[file.stem] = file, exercise
        self._check_substitutes(files, mistakes)
        self._paths = {p.stem: p for p in sorted((folder / "programs").glob("*.toml"))}
        _same(path, "programs", texts.programs, self._paths)
        self._program_lines = dict(texts.programs)
        if own is not None and own.programs.is_dir():
            for file in sorted(own.programs.glob("*.toml")):
                self._paths[file.stem] = file
                self._program_lines.pop(file.stem, None)

    def _check_substitutes(self, files: Mapping[str, Path], mistakes: dict[Path, InputError] | None) -> None:
        """Whatever has a mistake is left out, so that what it could take the place of has one, too."""
        before = -1
        while len(self.exercises) != before:
            before = len(self.exercises)
            for name, exercise in [*self.exercises.items()]:
                with _noted(mistakes, files[name]):
                    _check_substitutes(files[name], exercise, self.exercises)
                    continue
                del self.exercises[name]

    def _pack(self, name: str, kind: str, needed: str) -> Path:
        shelves = [packs for packs in (self._own_packs, PACKS) if packs is not None]
        for packs in shelves:
            if (packs / name / needed).exists():
                return packs / name
        found = sorted({path.parent.name for packs in shelves for path in packs.glob(f"*/{needed}")})
        raise InputError(f"There is no {kind} {name!r}; found: {', '.join(found)}.")

    def _exercise(self, file: Path, path: Path, texts: Any) -> Exercise:
        lines = load_lines(path, texts, file.stem)
        exercise = load_exercise(file, lines, self.protocol.conditions)
        return self._checked(path, exercise, f"exercises.{file.stem}.")

    def _checked(self, path: Path, exercise: Exercise, prefix: str = "lines.") -> Exercise:
        """`path`: the file that holds its lines, at `prefix`."""
        lines = exercise.lines
        if len(lines.sides) != len(exercise.sides):
            reason = f"has {len(lines.sides)} lines for {len(exercise.sides)} sides"
            raise refused(path, f"{prefix}sides", reason)
        for thing in exercise.equipment:
            if thing not in self.language.care.equipment:
                reason = f"is missing, but {exercise.id}.toml needs it"
                raise refused(path, f"equipment.{thing}", reason)
        return exercise

    @property
    def program_ids(self) -> list[str]:
        return list(self._paths)

    def program(self, name: str) -> Program:
        """A program by its id, or by the path of a .toml file. Raises InputError."""
        path = self._paths.get(name)
        if path is None and name.endswith(".toml"):
            path = Path(name)
        if path is None:
            known = f"The programs are {', '.join(self._paths)}."
            raise InputError(f"There is no program {name!r}.{meant(name, self._paths)} {known}")
        program = load_program(path, self.exercises, self._program_lines.get(name))
        if (minutes := self.minutes(program)) > LONGEST_MIN:
            reason = f"the program takes {minutes} minutes, but may take at most {LONGEST_MIN} minutes"
            raise refused(path, "exercises", f"{reason}; leave some out, or give fewer sets")
        return program

    def minutes(self, program: Program) -> int:
        """How long `program` takes, in the wording and at the pace of a user who has set neither."""
        options = Options()
        parts = compile_program(program, self.language, options.wording)
        return round(parts_ms(parts, options.wpm) / 60_000)


@contextmanager
def _noted(mistakes: dict[Path, InputError] | None, file: Path) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        if mistakes is None:
            raise
        mistakes[file] = error


def _check_substitutes(path: Path, exercise: Exercise, exercises: Mapping[str, Exercise]) -> None:
    for other in exercise.substitutes:
        if other not in exercises or other == exercise.id or exercises[other].opt_in:
            known = ", ".join(name for name, e in exercises.items() if name != exercise.id and not e.opt_in)
            raise refused(path, "substitutes", f"{other!r} cannot take its place; these can: {known}")


def _same(path: Path, table: str, texts: Mapping[str, Any], files: Mapping[str, Path]) -> None:
    for name in sorted(texts.keys() - files.keys()):
        raise refused(path, f"{table}.{name}", f"there is no file {table}/{name}.toml")
    for name in sorted(files.keys() - texts.keys()):
        raise refused(path, f"{table}.{name}", f"is missing: {files[name].name} has no lines")
