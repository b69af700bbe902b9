"""The spaCy components: wiring, batching, error handling and saving; no algorithm."""
