"""Builders of a site's own plugins and themes, as the files of its repository."""

from collections.abc import Mapping

from django.conf import settings

from apps.delivery import pipeline
from apps.delivery.replies import Reply
from apps.delivery.requests import PageRequest, new_id
from apps.delivery.traces import Trace
from apps.extensions.finding import find
from apps.gitsync.report import APPLIED
from tests.sites import Site, SiteRepository

Files = dict[str, str | bytes | None]

ROUTES = """
[[routes]]
name = "document"
kind = "page"
path = "/{path}/"
template = "document.html"
[[routes]]
name = "list"
kind = "section"
path = "/{path}/"
template = "list.html"
query = { section = "{path}", page_size = 5 }
"""
DOCUMENT = (
    "<!doctype html><html><head><title>{{ page.title }}</title></head><body><main>"
    '<h1>{{ page.title }}</h1>{{ body }}<ul>{% for key in metadata %}<li id="{{ key }}">'
    "{{ metadata[key] }}</li>{% endfor %}</ul></main><footer><p>end</p></footer></body></html>"
)
LIST = "<main>{% for item in list.items %}<a href='{{ item.url }}'>{{ item.title }}</a>{% endfor %}"
TEMPLATES = {"document.html": DOCUMENT, "list.html": LIST, "404.html": "{{ error.title }}"}

ONE = "---\ntitle: One\n---\nSome [words](https://elsewhere.example/) here.\n"
ACCEPT = 'metadata = true\nstatus = true\nheaders = ["x-*"]\ntransforms = ["main *"]'
PAGES: Files = {
    "content/one.md": ONE,
    "content/two.md": ONE.replace("One", "Two"),
}
BAD_ROUTE = '[[routes]]\nname = "bad"\nkind = "page"\npath = "/two/"\ntemplate = "bad.html"\n'
METADATA, TRANSFORM = "propose:metadata", "propose:transform"
GREET = 'propose.metadata("greeting", "hello")'


def config(*plugins: str, themes: Mapping[str, str] | None = None, group: str = "") -> str:
    """`themes` maps mounts to ids; without it the bundled theme is at the root. `group` is that of
    all plugins."""
    lines = ["[whispercms]", 'title = "A test site"', "plugins = []" if not plugins else ""]
    for mount, theme in (themes or {"/": "plain"}).items():
        lines += ["[[whispercms.themes]]", f'id = "{theme}"', f'mount = "{mount}"']
    for plugin in plugins:
        lines += ["[[whispercms.plugins]]", f'id = "{plugin}"', f'group = "{group}"']
    return "\n".join(lines) + "\n"


def plugin(name: str, body: str, *capabilities: str, **topics: str) -> Files:
    """A plugin whose answer to `content.resolved` is `body`; `topics`, with "_" for ".", are its
    answers to other events."""
    listed = ", ".join(f'"{each}"' for each in capabilities)
    answers = {"content.resolved": body} if body or not topics else {}
    answers |= {topic.replace("_", "."): text for topic, text in topics.items()}
    subscribes = ", ".join(f'"{topic}"' for topic in answers)
    return {
        f"plugins/{name}/plugin.toml": f'id = "{name}"\nversion = "1.0.0"\n'
        f'requires = ">=1.0,<2"\nsubscribes = [{subscribes}]\n'
        f"capabilities = [{listed}]\n",
        f"plugins/{name}/main.lua": "".join(
            f'on("{topic}", function(event, propose)\n{text}\nend)\n'
            for topic, text in answers.items()
        ),
    }


def lock(**granted: tuple[str, ...]) -> Files:
    """`extensions.lock`, by plugin."""
    text = ""
    for name, capabilities in granted.items():
        listed = ", ".join(f'"{each}"' for each in capabilities)
        text += f"[plugins.{name}]\ncapabilities = [{listed}]\n"
    return {"extensions.lock": text}


def pinned_lock(files: Files, **granted: tuple[str, ...]) -> Files:
    """The same, which accepts these files of the plugins as a node in production asks for."""
    kept = {path: text.encode() for path, text in files.items() if isinstance(text, str)}
    text = ""
    for name, capabilities in granted.items():
        found = find("plugin", name, kept, settings.BUNDLED_EXTENSIONS)
        text += str(lock(**{name: capabilities})["extensions.lock"])
        text += f'digest = "{found.digest() if found else ""}"\n'
    return {"extensions.lock": text}


def theme(name: str, *, accept: str = "", routes: str = ROUTES, **templates: str) -> Files:
    """A theme; names of further templates have "_" for "."."""
    named = {key.replace("_", "."): text for key, text in templates.items()}
    return {
        f"themes/{name}/theme.toml": f'id = "{name}"\nversion = "1.0.0"\n'
        f'requires = ">=1.0,<2"\n[accept]\n{accept}\n{routes}',
        **{f"themes/{name}/templates/{key}": text for key, text in {**TEMPLATES, **named}.items()},
    }


def traced(site: Site, path: str) -> tuple[Reply, Trace]:
    """A page with what happened while it was made."""
    trace = Trace()
    request = PageRequest(method="GET", path=path, query="", headers=(), id=new_id())
    return pipeline.deliver(request, site.live.current(), trace), trace


def served(
    repository: SiteRepository, site: Site, *files: Mapping[str, str | bytes | None]
) -> None:
    """Commits the files and two pages, and syncs; nothing may be wrong."""
    repository.commit({key: value for each in (PAGES, *files) for key, value in each.items()})
    report = site.sync()
    assert (report.state, report.problems) == (APPLIED, ())
