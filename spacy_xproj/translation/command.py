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
    """

    def __init__(
        self,
        *,
        command: Sequence[str],
        keep_running: bool = True,
        timeout: float = 120.0,
        split_sentences: bool = True,
    ) -> None:
        """Raises XProjError for a setting that is not valid."""
        self.command = list(command)
        self.keep_running = keep_running
        self.timeout = timeout
        self.split_sentences = split_sentences
        self._programs: dict[tuple[str, str], Program] = {}
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
        return [self._answer(program, line) for line in lines]

    def _answer(self, program: Program, line: str) -> str:
        left = program.unread()
        if left:
            program.close()
            raise self._error(line, f"it wrote more before: {_decode(left)[0][:80]!r}")
        try:
            answer = program.ask(_encode([line]), lambda data: b"\n" in data)
        except ProgramError as err:
            raise self._error(line, str(err)) from err
        found = _decode(answer)
        if len(found) != 1:
            program.close()
            raise self._error(line, f"it answered with {len(found)} lines")
        return found[0]

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
