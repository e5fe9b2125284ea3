"""On five nodes, which go again with the last of these tests."""
