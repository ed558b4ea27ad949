"""The tree of units and the departments."""
