"""What people can do to the tree: change a unit, import divisions, keep the departments."""
