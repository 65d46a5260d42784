"""The messages between a browser tab and the server, as far as the edge of the desk reads them."""

from typing import Final

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.domain.tabs import AskedRun, OfRun

_OF_RUNS: Final = frozenset({"delta", "ref_hash", "script_finished", "auto_rerun", "stop_auto_rerun", "navigation", "logo"})


def asked(message: bytes) -> AskedRun | None:
    """The run that a tab asks for; None for whatever else it says."""
    try:
        said = BackMsg.FromString(message)
    except DecodeError:
        return None
    if not said.HasField("rerun_script"):
        return None
    run = said.rerun_script
    return AskedRun(run.page_script_hash, run.fragment_id, run.is_auto_rerun)


def of_run(message: bytes) -> OfRun | None:
    """What a message of the server is of a run; None for what belongs to none."""
    kind = ForwardMsg.FromString(message).WhichOneof("type")
    if kind == "new_session":
        return OfRun.BEGINNING
    return OfRun.REST if kind in _OF_RUNS else None
