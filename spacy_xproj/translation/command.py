"""Any program that translates lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import Errors, XProjError
from .base import Translation
from .program import Program, ProgramError
from .sentences import Rendering, answered, by_sentences


class Command:
    """``spacy-xproj.Command.v1``: a program that reads sentences on standard input, one a line, and
    writes their translations line by line on standard output (bergamot, marian-decoder ...).

    command: the program and its arguments, as a list; no shell reads it. {source} and {target} in
    an argument are replaced by the languages.
    keep_running: start it once and hand it one line at a time; it must answer each line at once.
    false: for a program that answers at the end of its input, or many lines at a time; it is
    started for each batch of documents.
    timeout: seconds that it may be silent while an answer is awaited. It is started again after it
    failed. split_sentences: translate sentence by sentence; else a document is one line.
    ask_again: after each batch ask a program that keeps running for a short sentence that it has
    translated before. As it answers in order, a line too many, however late, comes before that
    answer, which is another one then: no answer of the batch is taken, its sentences are asked for
    one by one, and the one with the line is named. Not noticed are a line that equals the awaited
    answer, and one that another thread of the program writes after it. false: for a program that
    does not answer the same twice. Then a line too many is noticed if it has come when the next
    sentence is sent; one that comes later is taken for the next answer, and only noticed with the
    sentence after that.
    """

    def __init__(
        self,
        *,
        command: Sequence[str],
        keep_running: bool = True,
        timeout: float = 120.0,
        split_sentences: bool = True,
        ask_again: bool = True,
    ) -> None:
        """Raises XProjError for a setting that is not valid."""
        self.command = list(command)
        self.keep_running = keep_running
        self.timeout = timeout
        self.split_sentences = split_sentences
        self.ask_again = ask_again
        self._programs: dict[tuple[str, str], Program] = {}
        self._known: dict[Program, tuple[str, str]] = {}  # what is asked again, and its answer
        Program(self.command, timeout=timeout)  # says what is wrong with them

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[Translation]:
        """One Translation a text. Raises XProjError naming the sentence that the program did not
        answer with one line."""
        program = self._program(source_lang, target_lang)
        run = self._one_by_one if self.keep_running else self._at_once

        def translate_all(sentences: list[str]) -> dict[str, Rendering]:
            lines = [" ".join(sentence.split()) for sentence in sentences]
            answers = [line.strip() for line in run(program, lines)]
            return {
                sentence: answered(answer)
                for sentence, answer in zip(sentences, answers, strict=True)
            }

        return by_sentences(
            texts, translate_all, target_lang=target_lang, split=self.split_sentences
        )

    def check_ready(self) -> None:
        """Raise XProjError where there is no such program."""
        Program(self.command, timeout=self.timeout).check_ready()

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "command",
            "command": self.command,
            "keep_running": self.keep_running,
            "split_sentences": self.split_sentences,
        }

    def _program(self, source_lang: str, target_lang: str) -> Program:
        key = (source_lang, target_lang)
        if key not in self._programs:
            named = [
                part.replace("{source}", source_lang).replace("{target}", target_lang)
                for part in self.command
            ]
            self._programs[key] = Program(named, timeout=self.timeout)
        return self._programs[key]

    def _one_by_one(self, program: Program, lines: Sequence[str]) -> list[str]:
        """A line at a time; where a line too many came, each by itself, to find the one."""
        found: list[str] = []
        why = ""
        for line in lines:
            if left := program.unread():
                why = f"it wrote more before: {_decode(left)[0][:80]!r}"
                break
            try:
                answer = self._ask(program, line)
            except ProgramError as err:
                raise self._error(line, str(err)) from err
            if len(answer) != 1:
                why = f"it answered with {len(answer)} lines"
                break
            found += answer
        if not why and self.ask_again:
            why = self._out_of_step(program, lines, found)
        if not why:
            return found
        program.close()
        if len(lines) == 1:
            raise self._error(lines[0], why)
        return [self._one_by_one(program, [line])[0] for line in lines]

    def _out_of_step(self, program: Program, lines: Sequence[str], found: Sequence[str]) -> str:
        """Why answers are not those of their lines; empty where a known line gets its own."""
        pairs = [
            (line, answer) for line, answer in zip(lines, found, strict=True) if answer.strip()
        ]
        if program not in self._known and not pairs:
            return ""
        line, answer = self._known.get(program) or min(pairs, key=lambda pair: len(pair[0]))
        try:
            again = self._ask(program, line)
        except ProgramError as err:
            return f"asked again for {line[:80]!r}, {err}"
        if again == [answer]:
            self._known[program] = line, answer
            return ""
        wrote = " / ".join(again)[:80]
        return (
            f"asked again for {line[:80]!r}, it wrote {wrote!r}, and {answer[:80]!r} before; there "
            "was a line too many, or it does not answer the same twice (then set ask_again = false)"
        )

    def _ask(self, program: Program, line: str) -> list[str]:
        return _decode(program.ask(_encode([line]), lambda data: b"\n" in data))

    def _at_once(self, program: Program, lines: Sequence[str]) -> list[str]:
        """All lines in one go; where the numbers do not fit, each by itself, to find the one."""
        try:
            found = _decode(program.run(_encode(lines)))
        except ProgramError as err:
            if len(lines) == 1:
                raise self._error(lines[0], str(err)) from err
        else:
            if len(found) == len(lines):
                return found
            if len(lines) == 1:
                raise self._error(lines[0], f"it answered with {len(found)} lines")
        return [self._at_once(program, [line])[0] for line in lines]

    def _error(self, line: str, why: str) -> XProjError:
        return XProjError(Errors.XP281.format(program=self.command[0], text=line[:200], why=why))


def _encode(lines: Sequence[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode("utf-8", "replace")


def _decode(data: bytes) -> list[str]:
    """The lines, with or without an end of the last."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    return text.removesuffix("\n").split("\n") if text else []
