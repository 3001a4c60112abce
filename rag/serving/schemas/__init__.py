"""What is said: the shapes of requests, responses and errors, and their examples in the OpenAPI document."""
