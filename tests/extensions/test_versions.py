"""What is told of a change between two versions of the registry."""

from dataclasses import replace

from apps.extensions.versions import (
    APPLIED,
    CONFIGURED,
    DISABLED,
    ENABLED,
    GRANTED,
    NONE,
    UPGRADED,
    Running,
    Version,
    facts,
)

TOC = Running(version="1.0", digest="sha256:1", set_up="a", grants=("read:site",))
BEFORE = Version("one", {"plugin:toc": TOC})


def topics(after: Running | None) -> list[str]:
    new = Version("two", {} if after is None else {"plugin:toc": after})
    return [topic for topic, _ in facts(BEFORE, new, "c")]


def test_each_way_to_change_has_its_topic_and_the_version_comes_last() -> None:
    assert topics(None) == [DISABLED, APPLIED]
    assert topics(replace(TOC, digest="sha256:2", version="1.1")) == [UPGRADED, APPLIED]
    assert topics(replace(TOC, set_up="b")) == [CONFIGURED, APPLIED]
    assert topics(replace(TOC, grants=())) == [GRANTED, APPLIED]
    assert topics(TOC) == [APPLIED]
    assert [t for t, _ in facts(NONE, BEFORE, "c")] == [ENABLED, APPLIED]


def test_the_same_version_is_not_told_of() -> None:
    assert facts(BEFORE, Version("one", {}), "c") == ()


def test_a_version_is_told_with_its_commit_and_what_was_before() -> None:
    told = dict(facts(BEFORE, Version("two", {}), "c"))
    assert told[APPLIED] == {"commit": "c", "digest": "two", "before": "one"}
    assert told[DISABLED] == {"extension": "plugin:toc"}
