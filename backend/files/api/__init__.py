"""Routes of files: whole, in parts, and announced before they come."""
from backend.files.api import announcements, content, uploads
from backend.files.api.blueprint import blp
from backend.files.api.content import served

__all__ = ["announcements", "blp", "content", "served", "uploads"]
