"""Word links between a source view and its target."""

from .aligners import EncoderAligner, make_awesome, make_simalign
from .backtranslation import BackTranslation, make_back_translation
from .base import Aligner, Encoded, Encoder
from .encoders import HFEncoder, make_hf_encoder
from .pharaoh import Pharaoh, make_pharaoh, read_pharaoh, write_pharaoh

__all__ = [
    "Aligner",
    "BackTranslation",
    "Encoded",
    "Encoder",
    "EncoderAligner",
    "HFEncoder",
    "Pharaoh",
    "make_awesome",
    "make_back_translation",
    "make_hf_encoder",
    "make_pharaoh",
    "make_simalign",
    "read_pharaoh",
    "write_pharaoh",
]
