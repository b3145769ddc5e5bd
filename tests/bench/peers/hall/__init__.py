"""A counter in Django: the tables that one acceptance writes."""
