"""The observer's side of exploration: starts the children that search, and says what came of it."""
