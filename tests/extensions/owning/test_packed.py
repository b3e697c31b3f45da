"""What somebody packed becomes one extension, by a confined worker."""

import gzip

import pytest

from apps.extensions import limits
from apps.extensions.finding import ExtensionFiles
from apps.extensions.owning.owned import OwnerRefused
from apps.extensions.owning.packed import unpack
from apps.runtime.workers import Workers
from tests.extensions.packing import tarred, zipped

MANIFEST = b'id = "toc"\nversion = "1.0.0"\n'


def refused(content: bytes, workers: Workers) -> str:
    with pytest.raises(OwnerRefused) as caught:
        unpack(content, workers)
    return caught.value.code


def shape(found: ExtensionFiles) -> tuple[str, str, list[str]]:
    return found.key, found.origin, list(found.files)


def test_a_folder_is_packed_with_and_without_itself(workers: Workers) -> None:
    own = {"plugin.toml": MANIFEST, "main.lua": b"", "tests/cases.toml": b""}
    nested = {f"toc-1.0/{name}": each for name, each in own.items()}
    wanted = ("plugin:toc", "site", sorted(own))
    assert shape(unpack(zipped(own), workers)) == wanted
    assert shape(unpack(gzip.compress(tarred({**nested, "README": b"x"})), workers)) == wanted


def test_what_is_not_one_extension_is_refused(workers: Workers) -> None:
    two = {"a/plugin.toml": MANIFEST, "b/plugin.toml": MANIFEST}
    assert refused(zipped(two), workers) == "packed.none"
    assert refused(zipped({"README": b""}), workers) == "packed.none"
    assert refused(zipped({"plugin.toml": b"id = 1"}), workers) == "packed.manifest"
    assert refused(zipped({"plugin.toml": b'id = "../x"'}), workers) == "packed.manifest"
    assert refused(zipped({"plugin.toml": b"\xff"}), workers) == "packed.manifest"


def test_what_its_worker_refuses_is_refused_with_its_reason(workers: Workers) -> None:
    assert refused(b"PK\x03\x04", workers) == "packed.broken"
    assert refused(bytes(limits.PACKED_BYTES), workers) == "packed.kind"
    assert refused(bytes(limits.PACKED_BYTES + 1), workers) == "packed.large"
