"""Responses that are kept for as long as all that they were made from is as it was."""
