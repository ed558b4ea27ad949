"""Coverage, the townships' weekly reports, and the office's bulletin."""
