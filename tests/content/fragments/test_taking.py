import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.fragments.found import MAX_FRAGMENT, SYSTEMS, Fragments
from apps.content.fragments.taking import CODE, NAMES, counted, said, take
from apps.content.markup import parse, render

HUGO, JEKYLL, ZOLA = "commonmark+hugo", "commonmark+jekyll", "commonmark+zola"


def html(markup: str, text: str) -> str:
    return render(markup, text).html.strip()


def flaws(markup: str, text: str) -> list[tuple[int, str]]:
    return [(flaw.line, flaw.reason) for flaw in parse(markup, text).flaws if flaw.code == CODE]


@pytest.mark.parametrize(
    ("markup", "fragment"),
    [
        (HUGO, '{{< youtube id="a_b_c" >}}'),
        (HUGO, "{{% note *x* %}}"),
        (JEKYLL, "{% include a.html x='*y*' %}"),
        (JEKYLL, "{{ page.title | escape }}"),
        (ZOLA, '{{ youtube(id="__x__") }}'),
        (ZOLA, "{% quote(author='*x*') %}"),
    ],
)
def test_a_fragment_is_shown_as_its_author_wrote_it(markup: str, fragment: str) -> None:
    shown = html(markup, f"A *b* {fragment} _c_\n")
    escaped = fragment.replace("<", "&lt;").replace(">", "&gt;")
    assert shown == f"<p>A <em>b</em> <code>{escaped}</code> <em>c</em></p>"


def test_a_fragment_over_several_lines_or_in_a_heading_or_a_table_is_shown_whole() -> None:
    assert "<code>{{&lt; a\n\n* b &gt;}}</code>" in html(HUGO, "{{< a\n\n* b >}}\n")
    assert "{{&lt; x &gt;}}</code></h2>" in html(HUGO, "## Part {{< x >}}\n")
    assert "<td><code>{{ a | b }}</code></td>" in html(JEKYLL, "|x|\n|-|\n|{{ a | b }}|\n")


def test_a_title_has_its_fragment_too() -> None:
    assert parse(HUGO, "# On {{< x >}}\n").title == "On {{< x >}}"
    assert html(HUGO, "# On {{< x >}}\n\nText\n") == "<p>Text</p>"


def test_an_id_is_made_without_fragments() -> None:
    (found,) = re.findall(r'id="([^"]*)"', html(HUGO, "## Part {{< x >}}\n"))
    assert found.startswith("part")
    assert "fragment" not in found


def test_in_code_a_fragment_is_code() -> None:
    assert html(HUGO, "```\n{{< q >}}\n```\n") == "<pre><code>{{&lt; q &gt;}}\n</code></pre>"
    assert html(HUGO, "`{{< q >}}`\n") == "<p><code>{{&lt; q &gt;}}</code></p>"


def test_a_fragment_cannot_become_markup_or_a_program() -> None:
    text = '{{< x a="<script>alert(1)</script>" >}} <a href="{{< y >}}" title="{{< z >}}">l</a>\n'
    shown = html(HUGO, text)
    assert "<script" not in shown
    assert "{{&lt; z &gt;}}" in shown or "{{< z >}}" in shown


@pytest.mark.parametrize("start", ["javascript:", "java", "data:text/html,"])
def test_a_link_with_a_fragment_in_it_is_sanitised_as_a_whole(start: str) -> None:
    rendered = render(JEKYLL, f'<a href="{start}{{{{ x }}}}script:alert(1)">l</a>\n')
    assert "javascript:" not in rendered.html
    assert not [link for link in rendered.links if link.startswith(("javascript:", "data:"))]


def test_what_is_meant_to_be_shown_is_not_counted() -> None:
    text = "{{</* youtube */>}} and {{%/* note */%}}\n"
    assert "<code>{{&lt; youtube &gt;}}</code>" in html(HUGO, text)
    assert flaws(HUGO, text) == []
    assert "<code>{{ x() }}</code>" in html(ZOLA, "{{/* x() */}}\n")


def test_fragments_are_counted_by_name_with_the_first_line() -> None:
    text = "---\ntitle: T\n---\n\n{{< a >}}x{{< /a >}}\n{{% b %}} {{< a >}}\n"
    assert flaws(HUGO, text) == [(5, "not run here and shown as written: a ×2, b ×1")]
    assert flaws(HUGO, "No braces\n") == []
    assert flaws("commonmark", text) == []


def test_zola_runs_nothing_in_code_so_nothing_is_counted_there() -> None:
    text = "`{{ a() }}`\n\n```\n{% b() %}\n```\n\n{{ c() }}\n"
    assert flaws(ZOLA, text) == [(7, "not run here and shown as written: c ×1")]


@given(st.dictionaries(st.from_regex(r"[\w./:\-]{1,12}", fullmatch=True), st.integers(1, 99)))
def test_what_is_said_of_the_counts_can_be_read_again(counts: dict[str, int]) -> None:
    found = counted(said(counts))
    assert sum(found.values()) == sum(counts.values())
    assert len(found) <= NAMES + 1


def test_jekyll_s_raw_text_code_and_comments_are_honoured() -> None:
    assert html(JEKYLL, "{% raw %}`{{ x }}`{% endraw %}\n") == "<p><code>{{ x }}</code></p>"
    assert html(JEKYLL, "a{% comment %}b {{ c }}{% endcomment %}d\n") == "<p>ad</p>"
    code = render(JEKYLL, "{% highlight ruby linenos %}\nputs <1>\n{% endhighlight %}\n")
    assert 'class="language-ruby"' in code.html
    assert [tuple(block) for block in code.blocks] == [("ruby", "puts <1>\n")]
    assert flaws(JEKYLL, "{% raw %}{{ x }}{% endraw %}{% highlight c %}x{% endhighlight %}") == []


@pytest.mark.parametrize(
    ("markup", "text", "target"),
    [
        (HUGO, '[x]({{< ref "a b.md#c" >}})', "@~/a%20b.md#c"),
        (HUGO, "[x]({{% relref '/posts/a' %}})", "@~/posts/a"),
        (HUGO, '<a href="{{< ref path="a.md" >}}">x</a>', "@~/a.md"),
        (JEKYLL, "[x]({% link _posts/2020-01-01-a.md %})", "@/_posts/2020-01-01-a.md"),
        (JEKYLL, "[x]({{ site.baseurl }}{% link a.md %})", "@/a.md"),
        (JEKYLL, "[x]({% post_url 2020-01-01-a %})", "@~/_posts/2020-01-01-a"),
        (JEKYLL, "[x]({% post_url sub/2020-01-01-a %}#b)", "@~/sub/_posts/2020-01-01-a#b"),
    ],
)
def test_links_to_documents_become_links(markup: str, text: str, target: str) -> None:
    rendered = render(markup, f"{text}\n")
    assert rendered.links == (target,)
    assert flaws(markup, text) == []


@pytest.mark.parametrize(
    "address",
    ["{{ site.baseurl }}/i.png", "{{ '/i.png' | relative_url }}", "{{site.url}}/i.png"],
)
def test_an_address_below_jekyll_s_base_is_one_of_the_site(address: str) -> None:
    assert '<img src="/i.png"' in re.sub(
        "[\ufdd0].*?[\ufdd0]", "", html(JEKYLL, f"![a]({address})")
    ) or ("/i.png" in render(JEKYLL, f"![a]({address})\n").links)


def test_a_link_tag_in_the_running_text_is_shown() -> None:
    assert html(JEKYLL, "see {% link a.md %}\n") == "<p>see <code>{% link a.md %}</code></p>"


def test_hugo_s_figures_and_code_are_honoured() -> None:
    figure = render(HUGO, '{{< figure src="a.png" alt="A" caption="b <i>" >}}\n')
    assert "<figure>" in figure.html
    assert "<figcaption>b &lt;i&gt;</figcaption></figure>" in figure.html
    assert "a.png" in figure.links
    code = render(HUGO, '{{< highlight go "linenos=table" >}}\nx {{ y }}\n{{< /highlight >}}\n')
    assert [tuple(block) for block in code.blocks] == [("go", "x {{ y }}\n")]


def test_a_figure_cannot_be_a_program() -> None:
    shown = html(HUGO, '{{< figure src="javascript:alert(1)" link="javascript:x" >}}\n')
    assert "javascript" not in shown


def test_what_never_ends_or_is_too_long_is_text() -> None:
    assert html(HUGO, "{{< a\n") == "<p>{{&lt; a</p>"
    long = "{{ " + "x" * (MAX_FRAGMENT + 1) + " }}"
    assert Fragments(long, "jekyll").after(0) is None
    assert Fragments(f"{{{{{'x' * MAX_FRAGMENT}}}}}", "jekyll").after(0) is not None


PIECES = st.lists(
    st.sampled_from(
        ["{{", "}}", "{%", "%}", "{{<", ">}}", " x ", "raw", "endraw", "`", "\n", "<p>", "*", "/*"]
    ),
    max_size=25,
).map("".join)


@given(PIECES, st.sampled_from(SYSTEMS))
def test_nothing_of_a_body_is_lost_and_nothing_of_ours_is_left(text: str, system: str) -> None:
    taken = take(text, system)
    assert taken.words is None or not taken.words.search(taken.back(taken.body))
    rendered = render(f"commonmark+{system}", text)
    assert "fragment" not in rendered.html
    assert take(text, system) == taken


@pytest.mark.parametrize(
    "text",
    [
        "{{<" + "-" * (MAX_FRAGMENT - 1) + ">}}",
        "{{< figure " + "a" * (MAX_FRAGMENT - 20) + " >}}",
        "{{< figure " + "a " * (MAX_FRAGMENT // 2 - 20) + " >}}",
    ],
)
def test_no_fragment_takes_long_whatever_stands_in_it(text: str) -> None:
    """By the square of a fragment's length so many would take minutes."""
    many = 50
    assert len(take(text * many, "hugo").texts) + len(take(text * many, "hugo").html) == many


def test_no_row_of_backticks_takes_long() -> None:
    taken = take("{{ x }}\n" + "`" * 200_000, "zola")
    assert taken.counts == {"x": 1}
