"""Surveys: anonymous by construction, told by section and by unit, above a minimum of answers only."""
