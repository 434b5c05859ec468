"""Who loses an answer, and looks for what became of the request."""

from typing import Any

import pytest

from providers.base import Found, Provider, Request, Search
from providers.errors import AnswerLost

SEED = 4_711


class Searcher:
    """Loses one submit, and looks for it later."""

    def __init__(self, stage: Any, client: Provider) -> None:
        self.stage = stage
        self.client = client
        self.sent_at = stage.clock.now()

    async def lose(self, request: Request, fault: str, seed: int = SEED) -> None:
        self.stage.arm(fault)
        self.sent_at = self.stage.clock.now()
        with pytest.raises(AnswerLost):
            await self.client.submit(request, seed=seed)

    async def search(self, request: Request, *known: str, after: float = 0, seed: int = SEED) -> Search:
        self.stage.pass_time(after)
        return await self.client.find(
            request, seed=seed, since=self.sent_at, now=self.stage.clock.now(), known=known
        )


def task_of(answer: Search) -> str:
    """Our id of the task that was found."""
    assert isinstance(answer, Found)
    return answer.handle.task_id
