"""Source NER: entities in the source sentences of the views."""

from .base import Tagged, Tagger
from .gold import GoldTagger
from .hf_tagger import HFTagger
from .labels import COMMON_LABELS, map_labels
from .pipeline_tagger import SpacyTagger

__all__ = [
    "COMMON_LABELS",
    "GoldTagger",
    "HFTagger",
    "SpacyTagger",
    "Tagged",
    "Tagger",
    "map_labels",
]
