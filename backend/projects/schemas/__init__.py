"""Wire shapes of key projects."""
