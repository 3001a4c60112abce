"""Learns weights and thresholds for the models chosen, from evaluation sets."""
