"""What people do with ratings, rectifications and complaints."""
