"""What people write becomes what people see, and never anything that runs."""

import json

from sandbox.browser import Page

CASES = {
    "**bold** and *slanted*": "<p><strong>bold</strong> and <em>slanted</em></p>",
    "__under__ ~~gone~~": "<p><u>under</u> <s>gone</s></p>",
    "**a *b* c**": "<p><strong>a <em>b</em> c</strong></p>",
    "wave_goodbye_01": "<p>wave_goodbye_01</p>",
    "an *open sign": "<p>an *open sign</p>",
    r"\*escaped\*": "<p>*escaped*</p>",
    "`**code**`": "<p><code>**code**</code></p>",
    "```py\na < b\n```": "<pre><code>a &lt; b</code></pre>",
    "# Big\n-# small": '<h3>Big</h3><p class="small">small</p>',
    "> quoted\nnot": "<blockquote><p>quoted</p></blockquote><p>not</p>",
    "- one\n  - two\n- three": "<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>",
    "- one\n2. two": '<ul><li>one</li></ul><ol start="2"><li>two</li></ol>',
    "<@7> <#8> <@&9>": (
        '<p><span class="mention">@Ada</span> <span class="mention">#general</span> '
        '<span class="mention">@unknown role</span></p>'
    ),
    "<img src=x onerror=alert(1)>": "<p>&lt;img src=x onerror=alert(1)&gt;</p>",
    "[click](javascript:alert(1))": "<p>[click](javascript:alert(1))</p>",
}
RENDER = """import('/page/markdown.js').then(({ markdown }) => {
  const names = { locale: 'en-US', user: () => 'Ada', role: () => null, channel: () => 'general' };
  const box = document.createElement('div');
  box.append(...markdown(%s, names));
  return box.innerHTML;
})"""


async def test_markdown_is_shown_as_chat_shows_it(page: Page) -> None:
    shown = {text: await page.evaluate(RENDER % json.dumps(text)) for text in CASES}

    assert shown == CASES


async def test_links_open_elsewhere_and_tell_nobody_where_from(page: Page) -> None:
    html = await page.evaluate(RENDER % json.dumps("see https://example.org/a_b."))

    assert html == (
        '<p>see <a href="https://example.org/a_b" target="_blank" rel="noopener noreferrer">'
        "https://example.org/a_b</a>.</p>"
    )


async def test_times_are_told_in_the_readers_language(page: Page) -> None:
    html = await page.evaluate((RENDER % json.dumps("<t:1700000000:D>")).replace("en-US", "es-ES"))

    assert "noviembre de 2023" in html
