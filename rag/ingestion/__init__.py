"""Articles in: from readings to committed passages and a published generation."""
