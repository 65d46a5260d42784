"""What became of a request that nobody could wait for: whether it was written, and as which batch."""

from dataclasses import dataclass
from datetime import datetime

from core.store import history
from core.store.database import Store


@dataclass(frozen=True)
class Written:
    """The batch that a request made, when it was made (UTC), of how many shipments, and whether it was undone since."""

    batch_id: int
    made_at: datetime
    shipments: int
    undone: bool


def written(store: Store, request_key: str) -> Written | None:
    """What the newest request wrote whose key is this or begins with it; None when nothing was written.

    It waits for what is being written: a request that reached the desk before this question is in the answer.
    """
    if not request_key:
        return None
    row = store.write(lambda connection: history.newest_of_requests(connection, request_key))
    return Written(**row) if row else None
