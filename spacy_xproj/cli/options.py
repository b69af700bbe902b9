"""Reading the values of options."""


def names(text: str) -> list[str]:
    """Names with commas between, each once, in order."""
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
