"""What is allowed in key projects, and what follows from their graph (rules 8)."""
