"""What is allowed of appointments. Pure."""
