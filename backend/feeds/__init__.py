"""Calendar feeds (日历订阅): what calendar programs show of visits, appointments and duty, behind a secret address."""
