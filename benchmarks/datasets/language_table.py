"""The languages of the benchmarks: one place."""

# MasakhaNER 2.0: the folder of a language, and its code in spaCy.
MASAKHANER2: dict[str, str] = {
    "bam": "bm",
    "bbj": "bbj",
    "ewe": "ee",
    "fon": "fon",
    "hau": "ha",
    "ibo": "ig",
    "kin": "rw",
    "lug": "lg",
    "luo": "luo",
    "mos": "mos",
    "nya": "ny",
    "pcm": "pcm",
    "sna": "sn",
    "swa": "sw",
    "tsn": "tn",
    "twi": "tw",
    "wol": "wo",
    "xho": "xh",
    "yor": "yo",
    "zul": "zu",
}

# XTREME's part of WikiANN (PAN-X): 39 languages besides English.
XTREME: tuple[str, ...] = (
    *("af", "ar", "bg", "bn", "de", "el", "es", "et", "eu", "fa", "fi", "fr", "he"),
    *("hi", "hu", "id", "it", "ja", "jv", "ka", "kk", "ko", "ml", "mr", "ms", "my"),
    *("nl", "pt", "ru", "sw", "ta", "te", "th", "tl", "tr", "ur", "vi", "yo", "zh"),
)

# XQuAD, English first: it decides what is a mention.
XQUAD: tuple[str, ...] = (
    *("en", "ar", "de", "el", "es", "hi"),
    *("ro", "ru", "th", "tr", "vi", "zh"),
)
