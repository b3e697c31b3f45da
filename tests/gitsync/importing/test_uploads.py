import os
from pathlib import Path

from apps.gitsync.git.blobs import blob_name
from apps.gitsync.importing.uploads import Upload, Uploads, relative_of, without_size
from tests.tables import each_of

OLD = "https://old.example/wp-content/uploads"


@each_of(
    ("url", "attached", "relative"),
    [
        (f"{OLD}/2020/05/a%20b.jpg", "", "2020/05/a b.jpg"),
        (f"{OLD}/x.jpg", "2020/05/x.jpg", "2020/05/x.jpg"),
        ("https://x.files.wordpress.com/2008/06/a.jpg", "", "2008/06/a.jpg"),
        (f"{OLD}/../../wp-config.php", "../wp-config.php", ""),
        (f"{OLD}/%2e%2e/a.jpg", "/etc/passwd", ""),
        (f"{OLD}/.htaccess", ".git/config", ""),
        (f"{OLD}/a%00b.jpg", "a\\b.jpg", ""),
        ("https://elsewhere.example/a.jpg", "", ""),
        ("https://[", "", ""),
        (f"{OLD}/{'d/' * 20}a.jpg", "", ""),
    ],
)
def test_a_file_is_only_ever_below_the_folder(url: str, attached: str, relative: str) -> None:
    assert relative_of(url, attached) == relative


def test_a_file_that_is_there_is_named_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "2020").mkdir()
    (tmp_path / "2020" / "a.jpg").write_bytes(b"picture")
    found = Uploads(tmp_path, 100).found(f"{OLD}/2020/a.jpg", "")
    assert found == Upload("2020/a.jpg", "media/2020/a.jpg", blob_name(b"picture"), 7)


def test_what_is_no_file_of_the_folder_is_told(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads", 3)
    (tmp_path / "uploads").mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"s")
    (tmp_path / "uploads" / "linked.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "uploads" / "up").symlink_to(tmp_path)
    (tmp_path / "uploads" / "folder.jpg").mkdir()
    (tmp_path / "uploads" / "large.jpg").write_bytes(b"1234")
    (tmp_path / "uploads" / "fits.jpg").write_bytes(b"123")
    (tmp_path / "uploads" / "page.html").write_bytes(b"<script>")
    os.mkfifo(tmp_path / "uploads" / "pipe.jpg")
    names = ("linked.jpg", "up/secret.jpg", "folder.jpg", "pipe.jpg", "none.jpg")
    for name in names:
        assert "not in the folder" in str(uploads.found(f"{OLD}/{name}", "")), name
    assert "over 3 bytes" in str(uploads.found(f"{OLD}/large.jpg", ""))
    assert isinstance(uploads.found(f"{OLD}/fits.jpg", ""), Upload)
    assert "of the kind .html" in str(uploads.found(f"{OLD}/page.html", ""))
    assert "to be fetched" in str(Uploads(None, 3).found(f"{OLD}/fits.jpg", ""))


def test_a_smaller_picture_is_made_from_the_whole_one() -> None:
    assert without_size("a-300x200.jpg") == without_size("a-scaled.jpg") == "a.jpg"
    assert without_size("a-300.jpg") == "a-300.jpg"
