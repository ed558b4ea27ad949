"""What can be seen of the register, of reports, and of who owes one."""
