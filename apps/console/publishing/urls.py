"""Where the pages that publish, merge and promote are."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from apps.console.publishing import (
    compare_pages,
    conflict_pages,
    publish_pages,
    release_pages,
    results,
)


def patterns(site: AdminSite) -> list[URLPattern]:
    guarded = site.admin_view
    views = (
        ("publishing/", publish_pages.publish_page, "publishing"),
        ("publishing/verdict/", publish_pages.verdict, "publish_verdict"),
        ("publishing/now/", publish_pages.publish_now, "publish_now"),
        ("publishing/update/", publish_pages.update_now, "update_now"),
        ("publishing/take-back/", publish_pages.take_back_file, "take_back"),
        ("publishing/pages/", compare_pages.compare, "publish_compare"),
        ("publishing/pages/all/", compare_pages.compare_all, "publish_compare_all"),
        ("publishing/pages/all/<str:name>/", compare_pages.compared, "publish_compared"),
        ("publishing/at/<str:commit>/<path:path>", compare_pages.file, "publish_file"),
        ("publishing/picture/", compare_pages.picture, "publish_picture"),
        ("publishing/frame/", compare_pages.frame, "publish_frame"),
        ("publishing/conflicts/", conflict_pages.conflicts_page, "conflicts"),
        ("publishing/conflicts/<str:name>/", conflict_pages.conflict_page, "conflict"),
        (
            "publishing/conflicts/<str:name>/forget/",
            conflict_pages.forget_conflict,
            "conflict_forget",
        ),
        ("publishing/published/<str:name>/", results.publish_result, "publish_result"),
        ("publishing/updated/<str:name>/", results.update_result, "update_result"),
        ("releases/", release_pages.releases_page, "releases"),
        ("releases/promote/<str:origin>/<str:to>/", release_pages.promote_page, "promote"),
        ("releases/of/<str:name>/", release_pages.release_page, "release"),
        ("releases/result/<str:name>/", results.release_result, "release_result"),
    )
    return [path(route, guarded(view), name=name) for route, view, name in views]
