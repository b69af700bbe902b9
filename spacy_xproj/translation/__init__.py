"""Translators: given translations, and any Hugging Face sequence-to-sequence model."""

from .base import Translation, Translator
from .bitext import Bitext
from .markers import MarkedTranslation, translate_marked
from .seq2seq import Seq2Seq

__all__ = [
    "Bitext",
    "MarkedTranslation",
    "Seq2Seq",
    "Translation",
    "Translator",
    "translate_marked",
]
