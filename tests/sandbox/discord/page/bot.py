"""A small discord.py bot that knows nothing of the sandbox: something to answer the people on the page."""

import asyncio
import io

import discord
from discord import app_commands, ui
from PIL import Image

SPANISH = {"Show a card": "Mostrar una tarjeta", "Words on it": "Sus palabras"}


class Spanish(app_commands.Translator):
    """Descriptions for those who read Spanish."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        return SPANISH.get(string.message) if locale is discord.Locale.spain_spanish else None


class Card(ui.LayoutView):
    """A picture, some words, a button that changes them, one that is never answered, and a menu."""

    def __init__(self, words: str) -> None:
        super().__init__(timeout=None)
        gallery = ui.MediaGallery(discord.MediaGalleryItem("attachment://card.png", description="A card"))
        buttons = ui.ActionRow(
            ui.Button(label="Change", custom_id="change"), ui.Button(label="Silent", custom_id="silent")
        )
        colours = [discord.SelectOption(label=name) for name in ("red", "green", "blue")]
        menu = ui.ActionRow(ui.Select(custom_id="colours", options=colours, min_values=2, max_values=3))
        file = ui.File("attachment://model.glb")
        self.add_item(ui.Container(ui.TextDisplay(words), gallery, file, buttons, menu))


class Bot(discord.Client):
    """A command of every kind; ``synced`` is set when they can be used."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.synced = asyncio.Event()
        self.tree = app_commands.CommandTree(self)
        for command in (card, secret, silent, pick, ask, tell, praise, model):
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.set_translator(Spanish())
        await self.tree.sync()

    async def on_connect(self) -> None:
        self.synced.set()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is not discord.InteractionType.component:
            return
        if interaction.data["custom_id"] == "change":
            await interaction.response.edit_message(view=Card("**changed** words"))
        if interaction.data["custom_id"] == "colours":
            await interaction.response.send_message(f"mixed {' and '.join(interaction.data['values'])}")


@app_commands.command(description="Show a card")
@app_commands.describe(words="Words on it", picture="Shown instead of ours")
async def card(
    interaction: discord.Interaction,
    words: app_commands.Range[str, 3, 50],
    picture: discord.Attachment | None = None,
    size: app_commands.Range[int, 1, 900] = 64,
) -> None:
    await interaction.response.defer()
    image = io.BytesIO()
    if picture is None:
        Image.new("RGB", (size, size), "teal").save(image, "PNG")
    else:
        image.write(await picture.read())
    image.seek(0)
    files = [discord.File(image, "card.png"), discord.File(io.BytesIO(b"glTF" * 600), "model.glb")]
    await interaction.edit_original_response(view=Card(words), attachments=files)


@app_commands.command(description="Tell one person something")
async def secret(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("between us", ephemeral=True)


@app_commands.command(description="Never answer")
async def silent(interaction: discord.Interaction) -> None:
    """Says nothing."""


@app_commands.command(description="Pick a fruit")
async def pick(interaction: discord.Interaction, fruit: str) -> None:
    await interaction.response.send_message(f"picked {fruit}")


@pick.autocomplete("fruit")
async def fruits(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    names = {"Apple": "a-1", "Pear": "p-2", "Plum": "p-3"}
    return [app_commands.Choice(name=n, value=v) for n, v in names.items() if typed.lower() in n.lower()]


class Form(ui.Modal, title="Order a model"):
    """A field of every kind that the page draws in its own way."""

    about = ui.TextDisplay("Tell us **what** you want.")
    words = ui.Label(text="Words", component=ui.TextInput(style=discord.TextStyle.paragraph, max_length=80))
    kind = ui.Label(
        text="Kind",
        component=ui.RadioGroup(options=[discord.RadioGroupOption(label=one) for one in ("Owl", "Fox")]),
    )
    member = ui.Label(text="For whom", component=ui.UserSelect(required=False))
    files = ui.Label(text="Pictures", component=ui.FileUpload(required=False, max_values=2))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        words, kind, files = self.words.component, self.kind.component, self.files.component
        await interaction.response.send_message(
            f"ordered {kind.value}: {words.value} ({len(files.values)} files)"
        )


@app_commands.command(description="Order with a form")
async def ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Form())


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
@app_commands.command(description="Tell something in an embed")
async def tell(interaction: discord.Interaction) -> None:
    embed = discord.Embed(title="The news", description="of **today**", colour=discord.Colour.teal())
    embed.add_field(name="Weather", value="fair", inline=True)
    await interaction.response.send_message(embed=embed)


@app_commands.context_menu(name="Praise")
async def praise(interaction: discord.Interaction, member: discord.User) -> None:
    await interaction.response.send_message(f"{member.display_name} did well")


@app_commands.context_menu(name="Make a model")
async def model(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"made of: {message.content}")
