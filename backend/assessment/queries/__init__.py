"""What can be seen of the assessment, and what it is made of."""
