"""What people do with key projects, and what follows of itself."""
