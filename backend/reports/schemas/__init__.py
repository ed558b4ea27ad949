"""Shapes of coverage, sites and weekly reports on the wire."""
