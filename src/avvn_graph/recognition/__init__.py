"""Recognition: spaCy components that find mentions, and linking that gives each its key."""
