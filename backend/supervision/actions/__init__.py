"""What supervision does: verbs, each one transaction."""
