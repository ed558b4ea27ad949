"""What is allowed of phones: pure."""
