"""HTTP as every vendor needs it: the one place that speaks httpx.

``Api`` talks to a vendor with its key, ``Files`` fetches what the vendor links to and
never had the key. Whatever goes wrong leaves as one of ``providers.errors``.
"""

from providers.http.api import Answer, Api
from providers.http.files import Files
from providers.http.hosts import Hosts
from providers.http.wire import PATIENT, Timing

__all__ = ["PATIENT", "Answer", "Api", "Files", "Hosts", "Timing"]
