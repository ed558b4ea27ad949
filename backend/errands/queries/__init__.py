"""What can be seen of errands: cases, their parts, their story."""
