"""Running components over a corpus."""
