"""The core, joined: from a database, a store and vendors to the services that the rest calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.jobs.board import Board
from bot.jobs.cards import Cards
from bot.jobs.choosing import Choosing
from bot.jobs.circuits import Circuits
from bot.jobs.clock import Clock, Ids
from bot.jobs.collecting import Collector
from bot.jobs.engine import Engine
from bot.jobs.filming import Filmer, Filming
from bot.jobs.journal import Journal
from bot.jobs.keys import Keys
from bot.jobs.links import Links
from bot.jobs.opening import Opening
from bot.jobs.pictures import Pictures
from bot.jobs.polling import Poller
from bot.jobs.proposals import Proposals
from bot.jobs.quota import Quotas
from bot.jobs.rules import Rules
from bot.jobs.scanning import Scanner, Scanning
from bot.jobs.scratch import Scratch
from bot.jobs.service import Jobs
from bot.jobs.shelf import Shelf
from bot.jobs.showing import Showing
from bot.jobs.steps import Steps
from bot.jobs.submitting import Submitter
from bot.jobs.vendors import Vendors
from storage.database import Database
from storage.objects.base import ObjectStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Everything that commands, cards and the site work with."""

    jobs: Jobs
    shelf: Shelf
    cards: Cards
    quotas: Quotas
    keys: Keys
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
    scanner: Scanner | None = None,
    scan_required: bool = False,
    filmer: Filmer | None = None,
) -> Core:
    """Join the parts.

    ``changed`` is called with a job's id whenever something happened to it, ``progressed``
    when it only went on.
    """
    board = Board()
    rooms = Scratch(folder=scratch, store=store)
    scanning = Scanning(scanner=scanner, required=scan_required)
    links = Links(store=store, clock=clock, public_url=public_url)
    choosing = Choosing(vendors=vendors, circuits=circuits, rules=rules, default=default_vendor)
    proposals = Proposals(choosing=choosing, rules=rules, ids=ids, now=clock.now)
    showing = Showing(choosing=choosing, board=board, links=links, clock=clock, rules=rules)
    journal = Journal(db=db, clock=clock, ids=ids)
    steps = Steps(
        db=db,
        vendors=vendors,
        circuits=circuits,
        journal=journal,
        submitter=Submitter(db=db, scratch=rooms, links=links, circuits=circuits, clock=clock, ids=ids),
        poller=Poller(board=board, circuits=circuits, clock=clock),
        collector=Collector(scratch=rooms, scanning=scanning, clock=clock, ids=ids, rules=rules),
        board=board,
        clock=clock,
        changed=changed,
        progressed=progressed,
    )
    engine = Engine(db=db, steps=steps, clock=clock, ids=ids, rules=rules)
    jobs = Jobs(
        db=db,
        store=store,
        pictures=Pictures(store=store, scanning=scanning, ids=ids),
        proposals=proposals,
        opening=Opening(clock=clock, ids=ids, rules=rules),
        journal=journal,
        board=board,
        clock=clock,
        ids=ids,
        wake=engine.wake,
        changed=changed,
    )
    shelf = Shelf(db=db, store=store, showing=showing, choosing=choosing, links=links, clock=clock)
    quotas = Quotas(db=db, clock=clock, ids=ids, rules=rules)
    keys = Keys(db=db, vendors=vendors, shapes=key_shapes, clock=clock, ids=ids)
    filming = (
        Filming(db=db, scratch=rooms, filmer=filmer, clock=clock, ids=ids, changed=changed)
        if filmer
        else None
    )
    return Core(
        jobs=jobs,
        shelf=shelf,
        cards=Cards(db=db),
        quotas=quotas,
        keys=keys,
        engine=engine,
        filming=filming,
        scratch=rooms,
    )
