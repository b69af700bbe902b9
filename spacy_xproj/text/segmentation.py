"""Which languages need a tokenisation of their own, or sentences without marks: one place."""

# Written without blanks between words: text is cut into characters, so that any span can be hit.
UNSPACED = frozenset({"ja", "km", "lo", "my", "th", "zh"})

# spaCy's own tokenizer needs a package that may not be there (Korean, Vietnamese), or leaves full
# stops on words (``punctuation``); general rules are used instead.
GENERAL_RULES = frozenset({"gu", "hy", "ko", "ml", "vi", "yo"})

# Sentences end with a blank, as phrases do, and with no mark.
NO_SENTENCE_MARKS = frozenset({"km", "lo", "th"})
