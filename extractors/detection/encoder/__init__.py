"""The encoder route: a small fine-tuned sentence encoder that judges what rules or gazetteer propose."""
