"""A translation server that speaks LibreTranslate's API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import Errors, XProjError
from ..llm.http import Failed, Server
from .base import Translation
from .generation import check_least
from .sentences import Rendering, answered, by_sentences


class HTTP:
    """``spacy-xproj.HTTP.v1``: a server that speaks LibreTranslate's API (POST /translate). One
    that speaks OpenAI's is for ``spacy-xproj.LLMTranslator.v1``.

    url: of the server, e.g. http://localhost:5000. key_env: the environment variable that holds
    the key, where one is needed; it is never written anywhere. timeout: seconds for an answer.
    retries: how often a request is sent again, with twice the pause each time. batch_size:
    sentences of a request. split_sentences: translate sentence by sentence. source_code,
    target_code: the server's own codes for the languages.
    """

    def __init__(
        self,
        *,
        url: str,
        key_env: str | None = None,
        timeout: float = 60.0,
        retries: int = 3,
        batch_size: int = 32,
        split_sentences: bool = True,
        source_code: str | None = None,
        target_code: str | None = None,
    ) -> None:
        """Raises XProjError for a setting that is not valid."""
        check_least(batch_size=(batch_size, 1), retries=(retries, 0))
        self.server = Server(url, key_env=key_env, timeout=timeout, retries=retries, backoff=0.5)
        self.batch_size = batch_size
        self.split_sentences = split_sentences
        self.source_code = source_code
        self.target_code = target_code

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[Translation]:
        """One Translation a text. Raises XProjError where the server does not answer, or not with
        one translation a sentence, naming the first of them."""
        codes = self.source_code or source_lang, self.target_code or target_lang

        def run(sentences: list[str]) -> dict[str, Rendering]:
            done: dict[str, Rendering] = {}
            with self.server.session(1) as session:
                for start in range(0, len(sentences), self.batch_size):
                    some = sentences[start : start + self.batch_size]
                    found = map(answered, self._ask(session, some, codes))
                    done.update(zip(some, found, strict=True))
            return done

        return by_sentences(texts, run, target_lang=target_lang, split=self.split_sentences)

    def check_ready(self) -> None:
        """Raise XProjError where the key is not set."""
        self.server.key()

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "http",
            "url": self.server.url,
            "split_sentences": self.split_sentences,
            "source_code": self.source_code,
            "target_code": self.target_code,
        }

    def _ask(self, session: Any, sentences: Sequence[str], codes: tuple[str, str]) -> list[str]:
        key = self.server.key()
        body = {
            "q": list(sentences),
            "source": codes[0],
            "target": codes[1],
            "format": "text",
            **({} if key is None else {"api_key": key}),
        }
        try:
            reply = self.server.post(session, "/translate", body, take=lambda: True)
        except Failed as failed:
            raise self._error(sentences, str(failed)) from failed
        found = reply.get("translatedText") if isinstance(reply, dict) else None
        if (
            not isinstance(found, list)
            or len(found) != len(sentences)
            or not all(isinstance(text, str) for text in found)
        ):
            n = len(found) if isinstance(found, list) else "no list of"
            raise self._error(sentences, f"it gave {n} translations")
        return [text.strip() for text in found]

    def _error(self, sentences: Sequence[str], why: str) -> XProjError:
        return XProjError(
            Errors.XP284.format(
                url=self.server.url, n=len(sentences), text=sentences[0][:80], why=why
            )
        )
