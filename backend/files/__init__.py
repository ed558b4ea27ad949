"""Photos and papers, checked and encrypted."""
