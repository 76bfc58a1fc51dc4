"""The demo property as plain data: what `manage.py load_demo` writes. No models are imported here."""
