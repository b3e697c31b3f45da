"""What the configuration of another system says of a site, as one typed value."""
