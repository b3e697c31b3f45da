"""Who edits, merges and upgrades in tests: this process, where the files are those of the test."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.content.configuration import SCHEMA
from apps.content.editing import Changes, Edited, Format, edited
from apps.content.merging.document import NOTHING, Choices, Merged, merge_document, reads
from apps.content.merging.parts import Form
from apps.content.merging.three_way import Three
from apps.content.part_messages import DocumentParts, answer_parts, parts_of, parts_request
from apps.content.upgrades import MIGRATIONS, Files, Migration, Upgrade, upgrade


@dataclass(frozen=True, slots=True)
class OwnScribe:
    """What a `Scribe` has done in a worker, without one."""

    migrations: Sequence[Migration] = MIGRATIONS
    schema: int = SCHEMA

    def merge(self, contents: Three[bytes], form: Form, choices: Choices = NOTHING) -> Merged:
        return merge_document(*contents, form=form, choices=choices)

    def reads(self, content: bytes, form: Form) -> bool:
        return reads(content, form)

    def parts(self, content: bytes, form: Form) -> DocumentParts:
        return parts_of(answer_parts(parts_request(content, form)))

    def edited(
        self,
        content: bytes,
        changes: Changes,
        body: str | None = None,
        *,
        format: Format = "yaml",
        alone: Format | None = None,
    ) -> Edited:
        return edited(content, changes, body, format=format, alone=alone)

    def upgrade(self, files: Files) -> Upgrade:
        return upgrade(files, self.migrations, self.schema)


OWN = OwnScribe()
