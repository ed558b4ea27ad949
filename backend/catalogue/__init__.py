"""Service items, their versions and the six disclosures."""
