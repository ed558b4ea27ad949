"""Weekly reports and bulletins."""
