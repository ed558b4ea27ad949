"""What is allowed with appointments: rules, slots, states, the waiting list. Pure."""
