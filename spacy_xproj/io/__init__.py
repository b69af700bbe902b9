"""Files: lines, atomic writing, shards, tables; the formats are one room further in."""
