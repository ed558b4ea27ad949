"""Assessment (百分制考核): points with their evidence; half-yearly scores of agents, units, departments (10.6)."""
