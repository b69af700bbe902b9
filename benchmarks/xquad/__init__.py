"""XQuAD-NER: gold mentions in 12 languages, built from XQuAD."""
