"""Word links between a source view and its target."""

from .aligners import Awesome, EncoderAligner, HeadAlign, SimAlign, SoftAlign
from .backtranslation import BackTranslation
from .base import Aligner, Encoded, Encoder
from .encoders import HFEncoder
from .pharaoh import Pharaoh, read_pharaoh, write_pharaoh

__all__ = [
    "Aligner",
    "Awesome",
    "BackTranslation",
    "Encoded",
    "Encoder",
    "EncoderAligner",
    "HFEncoder",
    "HeadAlign",
    "Pharaoh",
    "SimAlign",
    "SoftAlign",
    "read_pharaoh",
    "write_pharaoh",
]
