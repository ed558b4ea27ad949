"""What admins and the product's own start do to the calendar."""
