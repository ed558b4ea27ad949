"""What phones do here."""
