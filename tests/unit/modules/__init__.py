"""What the modules of the collection decide without asking anybody."""
