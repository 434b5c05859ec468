"""Where sources disagree about the vendor, which of them is played; and its clocks and limits."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from sandbox.vendors.control import Strict
from sandbox.vendors.replicate.refusals import Throttling


class Ways(Strict):
    """How the vendor is played. Seconds here are the clock's, not the pace's, unless said."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    create_status: Literal[201, 202] = 201
    """Of a prediction that was taken on and is not waited for."""
    sparse_new: bool = False
    """A new prediction comes without ``output``, as it did in older days."""
    unknown_inputs: Literal["ignored", "refused"] = "ignored"
    community_by_name: bool = False
    """Whether ``version`` may be the name of a model that is not official."""
    data_uris: Literal["echoed", "linked"] = "echoed"
    """Whether ``input`` shows a data URI as it came, or as a link to the file."""
    removed_input: Literal["object", "null"] = "object"
    """What is left of an input that was removed: ``{}`` or ``null``."""
    wait_says_processing: bool = False
    """``Prefer: wait`` may show the output while the status is still ``processing``."""
    wait_inlines: bool = False
    """... and small files in place, as data URIs."""
    cancel_finished: Literal["shown", "refused"] = "shown"
    cancel_lags: bool = False
    """The answer to a cancel still shows the state before it."""
    failures_cost: bool = True
    """Whether time that ended in a failure is charged on community models."""
    throttling: Throttling = "retry_after"
    retry_after_header: bool = False
    delivery_needs_key: bool = False
    delivery_origin: Annotated[str, Field(pattern="^(https?://[^/]+)?$")] = ""
    """Where files are said to be; at the vendor that is another host than the API's."""
    cold_seconds: Annotated[float, Field(ge=0)] = 0
    """How long a community model takes to start, in the pace's time; official ones are always warm."""
    retention_seconds: Annotated[float, Field(gt=0)] = 3600
    """From the end of a prediction until its data and files are gone."""
    running_seconds: Annotated[float, Field(gt=0)] = 1800
    """The longest a prediction runs where it has no deadline of its own."""
    creates_per_minute: Annotated[int, Field(ge=1)] = 600
    reads_per_minute: Annotated[int, Field(ge=1)] = 3000
    low_credit: Annotated[float, Field(ge=0)] = 5
    """Dollars below which an account may create only six predictions a minute."""
