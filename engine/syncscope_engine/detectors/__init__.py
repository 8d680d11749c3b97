"""One fault, one file."""

from ..model.clocks import Clocks
from .base import Detector
from .blocking_call import BlockingCall
from .crashed_process import CrashedProcess
from .data_race import DataRace
from .deadlock import Deadlock
from .leaked_task import LeakedTask
from .lock_order_inversion import LockOrderInversion
from .lost_update import LostUpdate
from .lost_wakeup import LostWakeup
from .oversized_critical_section import OversizedCriticalSection
from .starvation import Starvation
from .swallowed_cancellation import SwallowedCancellation
from .unbounded_release import UnboundedRelease
from .uncaught_exception import UncaughtException
from .unretrieved_exception import UnretrievedException


def all_detectors(live: bool, signalled: Clocks, ordered: Clocks) -> list[Detector]:
    """In the order in which they are asked.  `ordered`: what happened before what; `signalled`: locks apart."""
    return [
        LostWakeup(live),  # before Deadlock: it knows why everyone waits
        Deadlock(live),
        LockOrderInversion(signalled),
        LostUpdate(),
        DataRace(ordered),
        UnboundedRelease(),
        OversizedCriticalSection(),
        Starvation(),
        SwallowedCancellation(),
        UncaughtException(),
        UnretrievedException(),
        CrashedProcess(),
        BlockingCall(),
        LeakedTask(),
    ]
