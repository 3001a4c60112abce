"""What is searched: generations of indexes built from the store, published by one rename, read as snapshots."""
