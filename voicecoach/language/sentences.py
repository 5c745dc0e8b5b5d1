"""What a sentence means: how people talk on a floor, as templates of whole clauses.

A transcript is cut into clauses at its punctuation. A safety meaning counts in any clause; every other
command must account for all of them, so "yes, I fed the cat" is no answer. Only whole clauses match, so
"he said stop by at nine" and "don't stop" mean nothing.

Beside templates there are cues: "skip" in a clause in which every other word is glue ("can", "we", "this",
"one", "please") is as clear as a template, and nobody can write down all the ways to glue it together.

A template or cue is words, with `(a|b)` for one of several, `[a]` for what may be left out, `+` after either
for what may be repeated, `<name>` for a list of the language, and `..` for up to six words of any kind.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from re import Pattern

from voicecoach.language.commands import LIVE, NUMBERS, Command, ListeningState

FEWEST_WORDS = 3
"""A transcript of fewer may be a misheard cry; from three words on it is a sentence."""
LONG_WORDS = 3
"""A clause of fewer words is never an aside: it may be a cry."""
_TOKEN = re.compile(r"\.\.|<\w+>|[()\[\]|+]|[^\s()\[\]|+<>.]+")
_ANY_WORDS = r"(?:\S+ ){0,6}"


class TemplateError(ValueError):
    """A template that cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a sentence means in a state."""

    command: Command | None = None
    phrase: str = ""
    """the phrase of the vocabulary that it stands for"""
    is_other: bool = False
    """True if it is clearly a sentence about something else"""


@dataclass(frozen=True)
class Sentences:
    """A language's templates and cues. Those of safety belong to phrases of its vocabulary."""

    phrases: Mapping[str, Command] = field(default_factory=dict)
    """the commands of those phrases"""
    contractions: Mapping[str, str] = field(default_factory=dict)
    """endings of words, and what they stand for"""
    spellings: Mapping[str, str] = field(default_factory=dict)
    """words, and how they are written in the templates"""
    fillers: tuple[str, ...] = ()
    """what may stand before or after a clause, or alone, and means nothing"""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    safety: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    commands: Mapping[Command, tuple[str, ...]] = field(default_factory=dict)
    safety_cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cues: Mapping[Command, tuple[str, ...]] = field(default_factory=dict)
    glue: frozenset[str] = frozenset()
    """words that may stand beside a cue"""
    around_numbers: tuple[str, ...] = ()
    """words that may stand beside a number in an answer"""
    numbers: tuple[str, ...] = ()
    """zero to ten, in words"""
    not_numbers: tuple[str, ...] = ()
    """templates of what contains a number but names none: "out of ten" """
    alarming: tuple[str, ...] = ()
    """words of a cry: a sentence with one of them that means nothing may still be one"""
    asides: tuple[str, ...] = ()
    """templates of talk to or about others, in which an alarming word is no cry"""
    rivals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """words that would be taken for a phrase of safety if the second ear did not compare the two"""

    def compiled(self, template: str) -> Pattern[str]:
        """`template` for text in which a space follows every word. Raises TemplateError."""
        source = "".join(map(self._piece, _TOKEN.findall(template))).replace(")?+", ")*")
        try:
            return re.compile(source)
        except re.error as error:
            raise TemplateError(f"{template!r} cannot be read ({error})") from error

    def _piece(self, token: str) -> str:
        match token:
            case "(" | "[":
                return "(?:"
            case "]":
                return ")?"
            case ")" | "|" | "+":
                return token
            case "..":
                return _ANY_WORDS
        if token.startswith("<"):
            name = token[1:-1]
            if name not in self.lists:
                raise TemplateError(f"there is no list {name!r}")
            return f"(?:{'|'.join(self.compiled(text).pattern for text in self.lists[name])})"
        return f"{re.escape(token)} "

    def _any_of(self, templates: tuple[str, ...]) -> Pattern[str]:
        return re.compile("|".join(f"(?:{self.compiled(t).pattern})" for t in templates) or r"(?!)")

    @cached_property
    def _safety(self) -> dict[str, Pattern[str]]:
        return {phrase: self._any_of(templates) for phrase, templates in self.safety.items()}

    @cached_property
    def _commands(self) -> dict[Command, Pattern[str]]:
        return {command: self._any_of(templates) for command, templates in self.commands.items()}

    @cached_property
    def _safety_cues(self) -> dict[str, Pattern[str]]:
        return {phrase: self._cue(texts) for phrase, texts in self.safety_cues.items()}

    @cached_property
    def _cues(self) -> dict[Command, Pattern[str]]:
        return {command: self._cue(texts) for command, texts in self.cues.items()}

    def _cue(self, texts: tuple[str, ...]) -> Pattern[str]:
        return re.compile(rf"(?:(?<= )|^)(?:{self._any_of(texts).pattern})")

    @cached_property
    def _filler(self) -> Pattern[str]:
        return self._any_of(self.fillers)

    @cached_property
    def _aside(self) -> Pattern[str]:
        return self._any_of(self.asides)

    @cached_property
    def _not_number(self) -> Pattern[str]:
        return self._any_of(self.not_numbers)

    def check(self) -> None:
        """Raises TemplateError for the first template that cannot be read."""
        _ = self._safety, self._safety_cues, self._commands, self._cues
        _ = self._filler, self._aside, self._not_number

    # -- a sentence

    def clauses(self, transcript: str) -> list[str]:
        """The clauses in plain words, each followed by a space; contractions are written out."""
        parts = re.split(r"[.,!?;:…\n]+|--| - ", transcript.lower())
        return [clause for part in parts if (clause := self._plain(part))]

    def _plain(self, text: str) -> str:
        words = []
        for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.replace("’", "'")):
            if word.isdecimal() and int(word) < len(self.numbers):
                word = self.numbers[int(word)]
            word = self.spellings.get(word, word)
            ending = next((e for e in self.contractions if word.endswith(e)), "")
            word = word.removesuffix(ending) + self.contractions.get(ending, "")
            words.append(self.spellings.get(word, word))
        return "".join(f"{word} " for word in words)

    def _without_fillers(self, clause: str) -> str:
        clause = self._after_fillers(clause)
        starts = (m.start() for m in re.finditer(r"\S+ ", clause))
        end = next((start for start in starts if not self._after_fillers(clause[start:])), len(clause))
        return clause[:end]

    def _after_fillers(self, text: str) -> str:
        """`text` without the fillers that it begins with."""
        while text and (found := self._filler.match(text)) and found.end():
            text = text[found.end() :]
        return text

    def understand(self, transcript: str, state: ListeningState) -> Understood:
        """What `transcript` means in `state`; safety first, pain before stop."""
        clauses = self.clauses(transcript)
        spoken = [bare for clause in clauses if (bare := self._without_fillers(clause))]
        for phrase, pattern in self._safety.items():
            texts = (*spoken, *clauses, "".join(spoken))
            if any(pattern.fullmatch(text) and not self._is_aside(text) for text in texts):
                return Understood(self.phrases[phrase], phrase)
        for phrase, cue in self._safety_cues.items():
            if any(self._is_cry(cue, text) for text in clauses):
                return Understood(self.phrases[phrase], phrase)
        command = self._number(spoken) if state is ListeningState.NUMBER else None
        command = command or self._command(spoken, clauses, state)
        return Understood(command, command.value if command else "", self._is_other(transcript, clauses))

    def _command(self, spoken: list[str], clauses: list[str], state: ListeningState) -> Command | None:
        live = [command for command in self._commands if command in LIVE[state]]
        for texts in (["".join(clauses)], ["".join(spoken)], spoken):
            meant = {next((c for c in live if self._commands[c].fullmatch(t)), None) for t in texts if t}
            if len(meant) == 1 and (command := meant.pop()):
                return command
        text = "".join(spoken)
        glued = {
            c: size for c, cue in self._cues.items() if c in LIVE[state] and (size := self._glued(cue, text))
        }
        best = [command for command, size in glued.items() if size == max(glued.values())]
        return best[0] if len(best) == 1 else None

    def _glued(self, cue: Pattern[str], text: str) -> int:
        """How many letters of `text` are cues, if all the rest is glue; else 0."""
        rest = cue.sub("", text)
        return len(text) - len(rest) if set(rest.split()) <= self.glue else 0

    def number(self, transcript: str) -> Command | None:
        """The highest number that is named, whatever else is said: nobody understates pain."""
        return self._highest(self._without_scale("".join(self.clauses(transcript))))

    def _number(self, spoken: list[str]) -> Command | None:
        """The highest number in an answer that says nothing else."""
        words = self._without_scale("".join(spoken))
        other = [word for word in words if word not in self.numbers and word not in self.around_numbers]
        return None if other else self._highest(words)

    def _without_scale(self, text: str) -> list[str]:
        return self._not_number.sub("", text).split()

    def _highest(self, words: list[str]) -> Command | None:
        named = [NUMBERS[self.numbers.index(word)] for word in words if word in self.numbers[: len(NUMBERS)]]
        return max(named, key=NUMBERS.index, default=None)

    def _is_cry(self, cue: Pattern[str], clause: str) -> bool:
        """A single word is easily misheard ("yes" as "worse"), so it must be an alarming one."""
        alarming = len(clause.split()) > 1 or clause.strip() in self.alarming
        return alarming and bool(self._glued(cue, clause)) and not self._is_aside(clause)

    def _is_aside(self, clause: str) -> bool:
        """A longer clause about others, or another time; nobody cries in one."""
        return len(clause.split()) >= LONG_WORDS and bool(self._aside.search(clause))

    def _is_other(self, transcript: str, clauses: list[str]) -> bool:
        if len(transcript.split()) < FEWEST_WORDS:  # as spoken: "it's tougher" was a "stop"
            return False
        text = "".join(clauses)
        return not set(text.split()) & set(self.alarming) or bool(self._aside.search(text))
