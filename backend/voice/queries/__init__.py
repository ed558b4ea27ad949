"""What is stored, read and counted of residents' voice."""
