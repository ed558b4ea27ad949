"""What people can do with errands: take them in, carry them, finish them."""
