"""XQuAD-NER: built from the files of XQuAD, and read back."""
