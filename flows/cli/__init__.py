"""The command line, thin: each command reads its input, calls the line, and words the result."""
