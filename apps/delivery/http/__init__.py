"""What HTTP says of a reply that is ready: validators, codings, conditions, ranges. Pure.

`represent` makes of a reply what can be kept, once; `completed` adds the coding that a visitor
wants, once; `respond` answers one request from it.
"""
