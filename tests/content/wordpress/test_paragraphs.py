from apps.content.wordpress.paragraphs import paragraphs
from tests.tables import each_of

CASES = [
    ("", ""),
    (" \n ", ""),
    ("one", "<p>one</p>\n"),
    ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
    ("one\r\n\r\ntwo", "<p>one</p>\n<p>two</p>\n"),
    ("one\n \n\n\ntwo", "<p>one</p>\n<p>two</p>\n"),
    ("one<br><br/>two", "<p>one</p>\n<p>two</p>\n"),
    ("one<br />\ntwo", "<p>one<br />\ntwo</p>\n"),
    ("<h2>a</h2>\ntext", "<h2>a</h2>\n<p>text</p>\n"),
    ("<p>a</p>\n\n<p>b</p>", "<p>a</p>\n<p>b</p>\n"),
    ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    ("<blockquote>q</blockquote>", "<blockquote><p>q</p></blockquote>\n"),
    ("<blockquote>q\n\nr</blockquote>", "<blockquote><p>q</p>\n<p>r</p></blockquote>\n"),
    ("<div>a</div>b", "<div>a</div>\n<p>b</p>\n"),
    ("<pre>a\n\n  b</pre>\nc", "<pre>a\n\n  b</pre>\n<p>c</p>\n"),
    ('<a\nhref="x"\n>a</a>', '<p><a\nhref="x"\n>a</a></p>\n'),
    ("a<hr>b", "<p>a</p>\n<hr>\n<p>b</p>\n"),
    ("<table><tr><td>1</td></tr></table>", "<table>\n<tr>\n<td>1</td>\n</tr>\n</table>\n"),
    (
        "<figure><img />\n<figcaption>c</figcaption>\n</figure>",
        "<figure><img /><figcaption>c</figcaption></figure>\n",
    ),
    ("<script>a</script> b", "<p><script>a</script> b</p>\n"),
    ("<prefix>a\n\nb", "<p><prefix>a</p>\n<p>b</p>\n"),
]


@each_of(("text", "html"), CASES)
def test_paragraphs_are_as_wordpress_makes_them(text: str, html: str) -> None:
    assert paragraphs(text) == html


def test_words_of_our_own_in_a_text_are_no_words_of_ours() -> None:
    assert paragraphs("a\ufdd1<pre \ufdd20></pre>b <pre>x</pre>").count("<pre>x</pre>") == 1
