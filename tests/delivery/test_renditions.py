"""Pictures as visitors get them: asked for by a theme, declared by its manifest, made once."""

import re

from apps.delivery.assets import FOREVER
from apps.delivery.http.sending import ASK_FIRST
from apps.gitsync.report import APPLIED
from tests.delivery.extending import ROUTES, Files, config, theme
from tests.pictures import moving, opened, picture, png, told
from tests.sites import Site, SiteRepository, body

IMAGES = """
[images]
body = "text"
[images.text]
widths = [20, 40, 400]
formats = ["webp", "jpeg"]
sizes = "(min-width: 60rem) 40rem, 100vw"
[images.card]
widths = [30]
formats = ["jpeg"]
crop = "1:1"
"""
SHOW = (
    "{% set shown = image({}, 'card') %}"
    '{% if shown %}<img src="{{ shown.src }}" srcset="{{ shown.srcset }}"'
    ' width="{{ shown.width }}" height="{{ shown.height }}" alt="{{ shown.alt }}">'
    "{% else %}none{% endif %}"
)
DOCUMENT = (
    "<body>"
    + SHOW.replace("{}", "page.image")
    + "<hr>"
    + SHOW.replace("{}", "page.meta.other")
    + "<hr>"
    + SHOW.replace("{}", "'media/logo.png'")
    + "<main>{{ body }}</main></body>"
)
LIST = "{% for item in list.items %}" + SHOW.replace("{}", "item.image") + "{% endfor %}"
PAGE = """---
title: A trip
image: map.jpg
image_alt: Where we went
other: /media/logo.png
---
![The map](map.jpg)

![Far](https://elsewhere.example/x.jpg) ![Gone](gone.jpg) ![Logo](/media/logo.png)
"""


def made(repository: SiteRepository, site: Site, **more: str | bytes | None) -> None:
    files: Files = {
        "config.toml": config(themes={"/": "own"}),
        **theme("own", routes=IMAGES + ROUTES, document_html=DOCUMENT, list_html=LIST),
        "content/posts/trip/index.md": PAGE,
        "content/posts/trip/map.jpg": picture((60, 40), exif=told(6)),
        "media/logo.png": picture((50, 50), "PNG", "RGBA"),
        **{name.replace("__", "/"): content for name, content in more.items()},
    }
    repository.commit(files)
    report = site.sync()
    assert (report.state, report.problems) == (APPLIED, ())


def addresses(html: str) -> list[str]:
    return re.findall(r"/-/image/[^ \",]+", html)


def test_a_template_is_given_the_sizes_and_addresses_of_a_picture(
    repository: SiteRepository, site: Site
) -> None:
    made(repository, site)
    first, other, logo = site.text("/posts/trip/").partition("<main>")[0].split("<hr>")
    assert 'width="30" height="30" alt="Where we went"' in first
    assert other == logo
    (address,) = set(addresses(first))
    assert address.startswith("/-/image/own/card/")
    assert address.endswith("-30.jpeg")
    (address,) = set(addresses(logo))
    assert address.endswith("-30.png"), "nothing shows through a JPEG"


def test_a_rendition_is_upright_bare_and_kept_for_ever(
    repository: SiteRepository, site: Site
) -> None:
    made(repository, site)
    address = addresses(site.text("/posts/trip/"))[0]
    reply = site.get(address)
    shown = opened(body(reply))
    assert (reply.status, reply.header("content-type")) == (200, "image/jpeg")
    assert reply.header("cache-control") == FOREVER
    assert shown.size == (30, 30)
    assert not shown.getexif()
    again = site.get(address)
    assert (again.header("etag"), body(again)) == (reply.header("etag"), body(reply))
    part = site.get(address, range="bytes=0-9", if_range=str(reply.header("etag")))
    assert (part.status, body(part)) == (206, body(reply)[:10])
    assert site.get(address, if_none_match=str(reply.header("etag"))).status == 304
    assert body(site.get(address, method="HEAD")) == b""


def test_pictures_of_a_body_have_their_size_and_their_renditions(
    repository: SiteRepository, site: Site
) -> None:
    made(repository, site)
    text = site.text("/posts/trip/").partition("<main>")[2]
    map_ = text.partition("</p>")[0]
    assert map_.startswith('<p><picture><source type="image/webp" srcset="/-/image/own/text/')
    assert 'sizes="(min-width: 60rem) 40rem, 100vw"' in map_
    assert '<img src="/posts/trip/map.jpg" alt="The map" srcset="' in map_
    assert 'width="40" height="60" decoding="async"></picture>' in map_
    assert [re.sub(".*-", "", each) for each in addresses(map_)] == [
        *("20.webp", "40.webp"),
        *("20.jpeg", "40.jpeg"),
    ]
    assert '<img src="https://elsewhere.example/x.jpg" alt="Far"> <img src="gone.jpg"' in text
    assert text.partition("gone.jpg")[2].count('loading="lazy" decoding="async"') == 1
    assert "\ufdd0" not in text


def test_a_list_shows_the_picture_of_each_item(repository: SiteRepository, site: Site) -> None:
    """Two of one name, each beside its own document."""
    other: Files = {
        "content/posts/sea/index.md": PAGE,
        "content/posts/sea/map.jpg": picture((80, 20)),
    }
    made(repository, site, **{"content/posts/_index.md": "Posts\n", **other})
    found = addresses(site.text("/posts/"))
    assert len(set(found)) == 2
    assert all(opened(body(site.get(each))).size in ((30, 30), (20, 20)) for each in found)


def test_no_other_rendition_can_be_asked_for(repository: SiteRepository, site: Site) -> None:
    made(repository, site)
    good = next(each for each in addresses(site.text("/posts/trip/")) if each.endswith("-20.webp"))
    for other in (
        good.replace("-20.", "-21."),
        good.replace("-20.", "-40."),
        good.replace(".webp", ".jpeg"),
        good.replace("/text/", "/card/"),
        good.replace("/own/", "/plain/"),
        re.sub(r"/[0-9a-f]{40}/", f"/{'0' * 40}/", good),
        "/-/image/",
        good + "/",
    ):
        reply = site.get(other)
        assert (reply.status, reply.header("content-type")) == (404, "text/plain; charset=utf-8")
    assert not site.files.images.exists()
    assert site.get(good).status == 200


def test_a_picture_that_visitors_may_not_see_has_no_renditions(
    repository: SiteRepository, site: Site
) -> None:
    made(repository, site)
    address = next(each for each in addresses(site.text("/posts/trip/")) if "/text/" in each)
    assert site.get(address).status == 200
    repository.commit(
        {"content/posts/trip/index.md": PAGE.replace("---\n", "---\ndraft: true\n", 1)}
    )
    site.sync()
    assert site.get(address).status == 404
    assert site.get("/posts/trip/map.jpg").status == 404


def test_a_picture_that_cannot_be_made_is_served_as_it_is(
    repository: SiteRepository, site: Site
) -> None:
    """Its header is fine, so a page names renditions of it."""
    broken = picture((60, 40), "PNG")[:-40]
    made(repository, site, **{"media/logo.png": broken})
    address = addresses(site.text("/posts/trip/"))[-1]
    for _ in range(2):
        reply = site.get(address)
        assert (reply.status, body(reply)) == (200, broken)
        assert (reply.header("content-type"), reply.header("cache-control")) == (
            "image/png",
            ASK_FIRST,
        )


def test_what_moves_is_shown_as_it_is(repository: SiteRepository, site: Site) -> None:
    made(repository, site, **{"content/posts/trip/map.jpg": moving()})
    text = site.text("/posts/trip/")
    first = text.partition("<hr>")[0]
    assert '<img src="/posts/trip/map.jpg" srcset="" width="60" height="40"' in first
    assert '<p><img src="/posts/trip/map.jpg" alt="The map" width="60" height="40"' in text


def test_a_focal_point_moves_a_crop(repository: SiteRepository, site: Site) -> None:
    wide = {"media/logo.png": picture((150, 50), "PNG")}
    made(repository, site, **wide)
    before = addresses(site.text("/posts/trip/").partition("<main>")[0])[-1]
    table = '[whispercms.images."media/logo.png"]\nfocus = [0.0, 0.5]\n'
    repository.commit({"config.toml": config(themes={"/": "own"}) + table})
    report = site.sync()
    assert report.parsed == 0, "nothing has to be read anew"
    after = addresses(site.text("/posts/trip/").partition("<main>")[0])[-1]
    assert before != after
    assert opened(body(site.get(after))).convert("RGB").getpixel((15, 15)) == (254, 0, 0)


def test_renditions_on_the_disk_can_be_deleted_at_any_time(
    repository: SiteRepository, site: Site
) -> None:
    made(repository, site)
    address = addresses(site.text("/posts/trip/"))[0]
    before = body(site.get(address))
    (file,) = (path for path in site.files.images.glob("*/*"))
    file.write_bytes(b"x" + file.read_bytes()[1:])
    assert body(site.get(address)) != before, "damaged: the picture itself is sent"
    file.unlink()
    assert body(site.get(address)) == before


def test_a_file_that_is_no_picture_is_told_and_served(
    repository: SiteRepository, site: Site
) -> None:
    made(repository, site)
    repository.commit({"media/odd.png": b"no picture", "media/huge.png": png((100_000, 100_000))})
    report = site.sync()
    assert [(each.path, each.code) for each in report.problems] == [
        ("media/huge.png", "image.too-large"),
        ("media/odd.png", "image.unreadable"),
    ]
    assert site.get("/media/odd.png").status == 200


def test_a_rebuild_knows_the_same_of_every_picture(repository: SiteRepository, site: Site) -> None:
    made(repository, site)
    repository.commit({"media/new.webp": picture(form="WEBP")})
    before = site.sync()
    assert site.sync(rebuild=True).digest == before.digest
