"""A node that has synced a site of one page, and what imports into it."""

from pathlib import Path

import pytest

from apps.content.exports import ExportReader
from apps.runtime.workers import Workers
from tests.gitsync.consoles import Console
from tests.gitsync.importing.imports import Importer


@pytest.fixture(scope="session")
def export_reader(workers: Workers) -> ExportReader:
    return ExportReader(workers)


@pytest.fixture
def importer(ada: Console, export_reader: ExportReader, tmp_path: Path) -> Importer:
    return Importer(ada, export_reader, tmp_path)
