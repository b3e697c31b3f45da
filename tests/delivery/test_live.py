from dataclasses import replace

from apps.gitsync.syncing.sync import sync
from tests.sites import CONFIG, Site, SiteRepository


def test_a_commit_that_nobody_told_of_is_served_all_the_same(
    repository: SiteRepository, site: Site
) -> None:
    """As when a sync is killed between its transaction and the generation number."""
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n\nbefore\n"})
    site.sync()
    assert "before" in site.text("/one/")
    repository.commit({"content/one.md": "# One\n\nafter\n"})
    silent = replace(site.files, generation=site.files.generation.with_name("another"))
    sync(replace(site.local, files=silent))
    assert "after" in site.text("/one/")
