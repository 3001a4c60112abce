"""A language model behind an OpenAI-compatible endpoint: prompts, deadlines, and what is done with its text."""
