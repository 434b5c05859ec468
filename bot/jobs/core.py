"""The core, joined: from a database, a store and vendors to the services that the rest calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.jobs.batch_showing import BatchShowing
from bot.jobs.batches import Batches
from bot.jobs.board import Board
from bot.jobs.browsing import Browsing
from bot.jobs.cards import Cards
from bot.jobs.choosing import Choosing
from bot.jobs.circuits import Circuits
from bot.jobs.clock import Clock, Ids
from bot.jobs.collecting import Collector
from bot.jobs.engine import Engine
from bot.jobs.exporting import Exporting
from bot.jobs.extras import Extras
from bot.jobs.filming import Filmer, Filming
from bot.jobs.greeting import Greetings
from bot.jobs.handiwork import Handiwork
from bot.jobs.journal import Journal
from bot.jobs.keeping import Keeping
from bot.jobs.keys import Keys
from bot.jobs.links import Links
from bot.jobs.notifying import Notifying
from bot.jobs.opening import Opening
from bot.jobs.passes import Passes
from bot.jobs.pictures import Pictures
from bot.jobs.polling import Poller
from bot.jobs.proposals import Proposals
from bot.jobs.quota import Quotas
from bot.jobs.recipes import Recipes
from bot.jobs.rules import Rules
from bot.jobs.scanning import Scanner, Scanning
from bot.jobs.scratch import Scratch
from bot.jobs.service import Jobs
from bot.jobs.sheets import Sheets
from bot.jobs.shelf import Shelf
from bot.jobs.showing import Showing
from bot.jobs.steps import Steps
from bot.jobs.submitting import Submitter
from bot.jobs.vendors import Vendors
from storage.database import Database
from storage.objects.base import ObjectStore
from storage.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Everything that commands, cards and the site work with."""

    jobs: Jobs
    batches: Batches
    sheets: Sheets
    shelf: Shelf
    browsing: Browsing
    keeping: Keeping
    exporting: Exporting
    passes: Passes
    extras: Extras
    recipes: Recipes
    cards: Cards
    quotas: Quotas
    keys: Keys
    notifying: Notifying
    greetings: Greetings
    engine: Engine
    filming: Filming | None
    """Nobody films where nobody can."""
    scratch: Scratch


def assemble(
    *,
    db: Database,
    store: ObjectStore,
    vendors: Vendors,
    circuits: Circuits,
    default_vendor: str = "",
    key_shapes: Mapping[str, Callable[[str], str | None]],
    clock: Clock,
    ids: Ids,
    rules: Rules,
    scratch: Path,
    changed: Callable[[str], None],
    progressed: Callable[[str], None],
    public_url: str | None = None,
    pass_key: bytes = b"",
    scanner: Scanner | None = None,
    scan_required: bool = False,
    filmer: Filmer | None = None,
) -> Core:
    """Join the parts.

    ``changed`` is called with a job's id whenever something happened to it, ``progressed``
    when it only went on. ``pass_key`` signs personal addresses.
    """
    board = Board()
    rooms = Scratch(folder=scratch, store=store)
    scanning = Scanning(scanner=scanner, required=scan_required)
    links = Links(store=store, clock=clock, public_url=public_url)
    choosing = Choosing(vendors=vendors, circuits=circuits, rules=rules, default=default_vendor)
    proposals = Proposals(choosing=choosing, rules=rules, ids=ids, now=clock.now)
    showing = Showing(choosing=choosing, board=board, links=links, clock=clock, rules=rules)
    batch_showing = BatchShowing(board=board, links=links, clock=clock, rules=rules)
    journal = Journal(db=db, clock=clock, ids=ids)
    collector = Collector(scratch=rooms, scanning=scanning, clock=clock, ids=ids, rules=rules)
    steps = Steps(
        db=db,
        vendors=vendors,
        circuits=circuits,
        journal=journal,
        submitter=Submitter(db=db, scratch=rooms, links=links, circuits=circuits, clock=clock, ids=ids),
        poller=Poller(board=board, circuits=circuits, clock=clock),
        collector=collector,
        handiwork=Handiwork(db=db, collector=collector),
        board=board,
        clock=clock,
        changed=changed,
        progressed=progressed,
    )
    engine = Engine(db=db, steps=steps, clock=clock, ids=ids, rules=rules)
    pictures = Pictures(store=store, scanning=scanning, ids=ids)
    keeping = Keeping(db=db, clock=clock, ids=ids, changed=changed)
    jobs = Jobs(
        db=db,
        store=store,
        pictures=pictures,
        proposals=proposals,
        keeping=keeping,
        opening=Opening(clock=clock, ids=ids, rules=rules),
        journal=journal,
        board=board,
        clock=clock,
        ids=ids,
        wake=engine.wake,
        changed=changed,
    )
    shelf = Shelf(
        db=db,
        store=store,
        showing=showing,
        batches=batch_showing,
        choosing=choosing,
        links=links,
        clock=clock,
    )
    quotas = Quotas(db=db, clock=clock, ids=ids, rules=rules)
    keys = Keys(db=db, vendors=vendors, shapes=key_shapes, clock=clock, ids=ids)
    filming = (
        Filming(db=db, scratch=rooms, filmer=filmer, clock=clock, ids=ids, changed=changed)
        if filmer
        else None
    )
    batches = Batches(
        jobs=jobs,
        showing=batch_showing,
        clock=clock,
        ids=ids,
        wake=engine.wake,
        changed=changed,
    )
    return Core(
        jobs=jobs,
        batches=batches,
        sheets=Sheets(batches=batches),
        shelf=shelf,
        browsing=Browsing(db=db, shelf=shelf, links=links, clock=clock),
        keeping=keeping,
        exporting=Exporting(db=db, store=store, clock=clock),
        passes=Passes(db=db, seal=Seal(pass_key), clock=clock, ids=ids, public_url=public_url),
        recipes=Recipes(db=db, store=store, pictures=pictures),
        extras=Extras(db=db, choosing=choosing, links=links),
        cards=Cards(db=db),
        quotas=quotas,
        keys=keys,
        notifying=Notifying(db=db, clock=clock, ids=ids),
        greetings=Greetings(db=db, clock=clock),
        engine=engine,
        filming=filming,
        scratch=rooms,
    )
