"""Measures the whole chain on articles and questions with known answers."""
