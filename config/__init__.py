"""Settings, URLs, Celery and start-up checks; imported by nobody below."""
