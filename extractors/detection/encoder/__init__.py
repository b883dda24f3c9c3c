"""The encoder route."""
