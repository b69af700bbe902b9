"""Translators: given translations, any Hugging Face sequence-to-sequence model, and a cache."""

from .base import Translation, Translator
from .bitext import Bitext
from .cache import CachedTranslator
from .markers import MarkedTranslation, translate_marked
from .seq2seq import Seq2Seq

__all__ = [
    "Bitext",
    "CachedTranslator",
    "MarkedTranslation",
    "Seq2Seq",
    "Translation",
    "Translator",
    "translate_marked",
]
