<<<<<<< HEAD
"""Weekly construction reports, coverage, and the bulletin made of them (rules 7)."""
=======
"""Coverage, the townships' weekly reports, and the office's bulletin."""
>>>>>>> reports
