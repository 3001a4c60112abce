"""Ranked passages to an answer: refuse, or quote, or write and verify."""
