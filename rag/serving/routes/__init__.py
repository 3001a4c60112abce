"""What happens: the routes of the REST API, OpenAI's, the widget's, MCP's and the operator's."""
