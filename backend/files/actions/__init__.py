"""What staff do with files: hand them in."""
