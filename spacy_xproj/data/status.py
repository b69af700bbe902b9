"""What became of a source entity, and of a source sentence."""

from enum import Enum


class Status(str, Enum):
    """What became of a source entity; every source entity ends with one."""

    PROJECTED = "projected"
    UNALIGNED = "unaligned"  # no word of the entity has a link
    NO_CANDIDATE = "no_candidate"  # links, but no span in the target may be chosen
    BELOW_THRESHOLD = "below_threshold"  # the best candidate scores too low
    OVERLAP = "overlap"  # its candidates lost to those of other entities
    REJECTED = "rejected"  # an arbiter decided against it
    INFEASIBLE = "infeasible"  # the constraints of the sentence cannot all hold
    INVALID_SCORE = "invalid_score"  # a score is not a finite number
    IGNORED_LABEL = "ignored_label"  # the settings say not to project this label
    ERROR = "error"  # the reason says which

    def __str__(self) -> str:
        return self.value


class ViewStatus(str, Enum):
    """Whether a view holds a usable source sentence."""

    OK = "ok"
    TRUNCATED = "truncated"  # longer than the translation model takes; the rest is missing
    EMPTY_TARGET = "empty_target"  # nothing to translate
    EMPTY_TRANSLATION = "empty_translation"  # the translator gave nothing back
    NO_TRANSLATION = "no_translation"  # the bitext does not have this sentence

    def __str__(self) -> str:
        return self.value
