"""The server: one gate, then REST, OpenAI's routes, the widget and MCP."""
