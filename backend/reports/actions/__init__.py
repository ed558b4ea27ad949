"""Filing, returning, correcting; targets and checklists; freezing who owed what."""
