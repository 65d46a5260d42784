"""The messages between a browser tab and the server, as far as the edge of the desk reads them."""

from typing import Final
from urllib.parse import parse_qsl

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.domain.tabs import AskedRun, Link, OfRun, ServerMessage

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
    return AskedRun(
        run.page_script_hash, run.fragment_id, run.is_auto_rerun, _link(run.query_string), run.is_history_navigation
    )


def told(message: bytes) -> ServerMessage:
    """What a message of the server is of a run, and the link that it gives. A run that ends early goes on in another."""
    said = ForwardMsg.FromString(message)
    kind = said.WhichOneof("type")
    if kind == "new_session":
        return ServerMessage(OfRun.BEGINNING, parts=tuple(said.metadata.run.fragment_ids))
    if kind == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
        return ServerMessage(OfRun.END)
    if kind == "page_info_changed":
        return ServerMessage(link=_link(said.page_info_changed.query_string))
    return ServerMessage(OfRun.REST if kind in _OF_RUNS else None)


def _link(query: str) -> Link:
    return tuple(parse_qsl(query, keep_blank_values=True))
