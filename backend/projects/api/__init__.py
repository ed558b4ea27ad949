"""Routes of key projects."""
