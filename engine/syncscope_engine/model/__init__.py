"""What the tape means: events in, state out."""
