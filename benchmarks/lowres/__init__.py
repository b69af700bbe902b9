"""Low-resource languages: students of teachers in several sources, on gold of other text."""
