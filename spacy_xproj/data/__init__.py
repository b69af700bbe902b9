"""The data that flows: views, spans, links, statuses."""
