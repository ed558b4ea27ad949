"""What a report must say, when it is due, who may do what; pure."""
