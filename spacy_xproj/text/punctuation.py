"""Marks at the end of a word that spaCy's general rules leave on it, since these list the letters
that a full stop may follow: no name may keep the one that ends its sentence."""

from spacy.lang.char_classes import ALPHA_LOWER
from spacy.language import BaseDefaults

# Of scripts without case: Armenian (small letters) to Ol Chiki, Tifinagh to Ethiopic, those from Yi
# on, those of India and Ethiopia again, and small letters of Adlam.
_LETTERS = "\u0561-\u1c7f\u2d30-\u2ddf\ua000-\ua63f\ua800-\uabff\U0001e922-\U0001e94b"
_MARKS = "\u0300-\u036f"  # that a letter of Yoruba or Fon may have no single character with
# Full stops, commas and the like of Armenian, Ethiopic, Ol Chiki and Meetei.
_STOPS = "\u0589\u1361-\u1368\u1c7e\u1c7f\uabeb"

SUFFIXES = (
    *(BaseDefaults.suffixes or ()),
    f"[{_STOPS}]",
    rf"(?<=[{_LETTERS}])\.",
    # Not after a capital: an initial keeps its stop.
    rf"(?<=[{ALPHA_LOWER}{_MARKS}][{_MARKS}])\.",
)
