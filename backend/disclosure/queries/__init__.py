"""What is told to everybody; what is held of a person; who looked at personal data, and who granted what."""
