"""The tape on disk: blocks, and what is in them."""
