"""Running a pipeline over a corpus: shards, resume, workers."""
