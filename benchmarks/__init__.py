"""What the README quotes, measured by one command: `make bench`."""
