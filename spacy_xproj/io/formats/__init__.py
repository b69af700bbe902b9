"""One file a format of labelled text."""
