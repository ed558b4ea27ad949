"""What the clock does about key projects."""
