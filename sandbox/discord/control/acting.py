"""People's acts over HTTP."""

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.discord.control import forms
from sandbox.discord.control.routing import NOTHING, number, read, read_file, route
from sandbox.discord.refusals import Json

if TYPE_CHECKING:
    from sandbox.discord.server import DiscordSandbox


class Acting:
    """Writing, deleting, uploading, commands and components."""

    def __init__(self, sandbox: "DiscordSandbox") -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        """Where it is served."""
        return [
            route("POST", "messages", self._write),
            route("DELETE", "messages/{channel}/{message}", self._delete_message),
            route("POST", "uploads", self._upload),
            route("POST", "invoke", self._invoke),
            route("POST", "autocomplete", self._autocomplete),
            route("POST", "click", self._click),
            route("POST", "select", self._select),
            route("POST", "use", self._use),
            route("POST", "submit", self._submit),
            route("POST", "dismiss", self._dismiss),
            route("POST", "threads", self._begin_thread),
        ]

    async def _write(self, request: web.Request) -> Json:
        form = await read(request, forms.Write)
        return self._sandbox.people.write(form.user, form.channel, form.content, form.uploads)

    async def _delete_message(self, request: web.Request) -> object:
        place = request.match_info
        self._sandbox.people.delete(
            number(request.query, "user"), number(place, "channel"), number(place, "message")
        )
        return NOTHING

    async def _upload(self, request: web.Request) -> Json:
        user_id, channel_id = number(request.query, "user"), number(request.query, "channel")
        filename, content = await read_file(request)
        return await self._sandbox.people.upload(user_id, channel_id, filename, content)

    async def _invoke(self, request: web.Request) -> Json:
        form = await read(request, forms.Invoke)
        people = self._sandbox.people
        return (
            await people.invoke(form.user, form.channel, form.command, form.options, wait=form.wait)
        ).shown()

    async def _autocomplete(self, request: web.Request) -> Json:
        form = await read(request, forms.Autocomplete)
        people = self._sandbox.people
        outcome = await people.autocomplete(form.user, form.channel, form.command, form.options, form.focused)
        return outcome.shown()

    async def _click(self, request: web.Request) -> Json:
        form = await read(request, forms.Click)
        people = self._sandbox.people
        return (
            await people.click(form.user, form.channel, form.message, form.custom_id, wait=form.wait)
        ).shown()

    async def _select(self, request: web.Request) -> Json:
        form = await read(request, forms.Select)
        outcome = await self._sandbox.people.select(
            form.user, form.channel, form.message, form.custom_id, form.values, wait=form.wait
        )
        return outcome.shown()

    async def _use(self, request: web.Request) -> Json:
        form = await read(request, forms.Use)
        people = self._sandbox.people
        use = people.use_on_person if form.on == "person" else people.use_on_message
        return (await use(form.user, form.channel, form.command, form.target, wait=form.wait)).shown()

    async def _submit(self, request: web.Request) -> Json:
        form = await read(request, forms.Submit)
        people = self._sandbox.people
        return (await people.submit(form.user, form.interaction, form.values, wait=form.wait)).shown()

    async def _dismiss(self, request: web.Request) -> object:
        form = await read(request, forms.Dismiss)
        self._sandbox.people.dismiss(form.user, form.interaction)
        return NOTHING

    async def _begin_thread(self, request: web.Request) -> Json:
        form = await read(request, forms.NewThread)
        return self._sandbox.people.begin_thread(
            form.user,
            form.channel,
            form.name,
            content=form.content,
            message_id=form.message,
            private=form.private,
        )
