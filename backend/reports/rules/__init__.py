"""What is allowed and how it is reckoned. Pure."""
