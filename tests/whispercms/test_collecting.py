import subprocess
import sys
from textwrap import dedent

PROGRAM = """
    import gc
    from weakref import ref
    from whispercms.collecting import YOUNG, keep

    class Circle:
        def __init__(self):
            self.itself = self

    before = [{}]
    keep()
    print(any(each is before for each in gc.get_objects()), gc.get_freeze_count() > 1000)

    searches = gc.get_stats()[0]["collections"]
    circles = [ref(Circle()) for _ in range(2 * YOUNG)]
    print(any(each() is None for each in circles))
    print(gc.get_stats()[0]["collections"] - searches < 20)
"""


def test_what_is_loaded_is_not_searched_and_what_comes_later_is_now_and_then() -> None:
    said = subprocess.run(
        [sys.executable, "-c", dedent(PROGRAM)], capture_output=True, text=True, check=True
    ).stdout
    assert said.split() == ["False", "True", "True", "True"]
