"""Measures the product from outside, as an operator would see it: `make bench`."""
