"""The words every part of armswire shares. A leaf: imports nothing of ours and does no input or output of its own
beyond reading the settings files it is asked to read."""
