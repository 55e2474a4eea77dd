"""The checks: each takes a survey and yields what it finds of one kind."""
