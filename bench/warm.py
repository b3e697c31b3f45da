"""`python -m bench.warm`, in the environment of a node: does a task that it reads as JSON and tells
what it took."""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from bench.warm_node import measured

    print(json.dumps(measured(json.load(sys.stdin))))
