"""Key projects: one agent carries an investment project through the graph of its approvals (rules 8)."""
