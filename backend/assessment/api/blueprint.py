"""The routes of the assessment hang here."""
from backend.core import http

blp = http.Blueprint("assessment", description="百分制考核 · half-yearly scores and what they rest on")
