"""Weekly construction reports, coverage, and the bulletin made of them (rules 7)."""
