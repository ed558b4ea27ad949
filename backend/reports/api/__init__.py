"""Routes of coverage, sites and weekly reports."""
