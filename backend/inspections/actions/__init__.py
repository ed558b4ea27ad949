"""What the supervising office does with mystery visits."""
