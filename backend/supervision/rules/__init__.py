"""What supervision allows, and why. Pure."""
