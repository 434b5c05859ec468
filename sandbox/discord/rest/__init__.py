"""REST v10: one file per area, and the door that every request comes through."""
