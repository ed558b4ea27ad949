"""Wire shapes of ratings, rectifications and complaints."""
