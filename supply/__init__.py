"""What is checked of dependencies and of our own code: `make audit`."""
