"""Numbered changes of the schema, run by peewee's own runner on SQLite and PostgreSQL."""
