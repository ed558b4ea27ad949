"""The doors that are not the API: pages, printed matter, health and figures."""
