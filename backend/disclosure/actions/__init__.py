"""Publishing figures; handing a person the copy of her data; corrections."""
