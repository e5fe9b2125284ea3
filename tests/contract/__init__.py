"""One real component each, against what we believe of it."""
