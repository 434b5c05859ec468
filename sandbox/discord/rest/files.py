"""Fresh links for attachments whose links have died."""

from urllib.parse import urlsplit

from sandbox.discord.cdn import Cdn
from sandbox.discord.refusals import Json
from sandbox.discord.rest.door import Call, Reply, Route, ok
from sandbox.discord.world import World

_MOST = 50


class Files:
    """The route that signs anew."""

    def __init__(self, world: World, cdn: Cdn) -> None:
        self._world = world
        self._cdn = cdn

    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route(method="POST", path="/attachments/refresh-urls", handler=self._refresh)]

    async def _refresh(self, call: Call) -> Reply:
        form = call.body.form.record()
        urls = [item.text(1, 2048) for item in form["attachment_urls"].items(1, _MOST)]
        form.check()
        return ok({"refreshed_urls": [self._refreshed(url) for url in urls]})

    def _refreshed(self, url: str) -> Json:
        """A link and its successor; what is no attachment of ours stays as it is."""
        match urlsplit(url).path.split("/"):
            case ["", "attachments", *place, _name] if len(place) == 2 and all(map(str.isdecimal, place)):
                found = self._world.find_attachment(int(place[0]), int(place[1]))
                return {"original": url, "refreshed": self._cdn.link(found) if found else url}
        return {"original": url, "refreshed": url}
