"""Daiban (代办): the backend of a district's convenience-service network."""
