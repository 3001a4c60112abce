"""The engine for more than one machine: a Qdrant collection kept in step with the store."""
