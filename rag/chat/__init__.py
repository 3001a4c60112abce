"""The chat page, on Gradio."""
