"""What a session shows, kept by the server's deltas as the page's own script keeps it, with its errors: text, widgets, components."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from google.protobuf.message import Message

LABELLED: Final = ("label", "body", "text")
_KEPT_OVER_RUNS: Final = "toast"


class MisplacedDelta(Exception):
    """A delta names a place that is not there: the browser says so over the page, and shows no more of it."""


@dataclass(frozen=True)
class Shown:
    """One element, in the run that drew it."""

    proto: Any
    run: str
    script: str
    fragment: str = ""

    @property
    def kind(self) -> str:
        return str(self.proto.WhichOneof("type"))

    @property
    def widget(self) -> Any:
        """What is inside: a button, a box, a component."""
        return getattr(self.proto, self.kind)


@dataclass(frozen=True)
class Part:
    """One block with what it holds."""

    proto: Any
    run: str
    script: str
    fragment: str = ""
    children: tuple["Node", ...] = ()

    @property
    def kind(self) -> str:
        return str(self.proto.WhichOneof("type")) if self.proto is not None else ""


@dataclass(frozen=True)
class Passing:
    """Elements that go by themselves, such as a spinner, over what stands at their place."""

    elements: tuple[Shown, ...]
    run: str
    over: "Node | None" = None


Node: TypeAlias = Shown | Part | Passing


@dataclass
class Tree:
    """The page: main, side bar, events, bottom. `script` is the frame's, which every page shares."""

    script: str = ""
    root: Part = field(default_factory=lambda: Part(None, "", "", children=tuple(Part(None, "", "") for _ in range(4))))

    def apply(self, message: Any, run: str) -> None:
        """Takes a delta in; `MisplacedDelta` where its place is not there."""
        delta, path = message.delta, tuple(message.metadata.delta_path)
        drawn = {"run": run, "script": message.metadata.active_script_hash, "fragment": delta.fragment_id}
        match delta.WhichOneof("type"):
            case "new_element":
                node: Node = Shown(delta.new_element, **drawn)
            case "add_block":
                node = Part(delta.add_block, **drawn, children=self._kept(path, delta.add_block))
            case _:
                node = Passing(tuple(Shown(one, **drawn) for one in delta.new_transient.elements), run)
        placed = _placed(self.root, path, node, run, path)
        assert isinstance(placed, Part)
        self.root = placed

    def finish(self, run: str, fragments: Collection[str]) -> None:
        """Takes away what the run that ended did not draw again."""
        self._filter(lambda part: _fresh(part, run, fragments, inside=""))

    def leave_page(self) -> None:
        """Takes away what the page drew that is left, and keeps what the frame drew."""
        self._filter(lambda part: _of_script(part, self.script))

    def end_passing(self, fragments: Collection[str]) -> None:
        """Takes away what goes by itself, at the start of a run."""
        self._filter(lambda part: _settled(part, fragments))

    def elements(self) -> Iterator[Shown]:
        """All that is shown, from the top."""
        return _elements(self.root)

    def parts(self, kind: str) -> Iterator[Part]:
        """The blocks of a kind, such as dialogs."""
        return (part for part in _parts(self.root) if part.kind == kind)

    def says(self, text: str) -> bool:
        """Whether it stands anywhere in what is shown."""
        sought = (text.encode(), json.dumps(text)[1:-1].encode())
        return any(one in element.proto.SerializeToString() for element in self.elements() for one in sought)

    def _kept(self, path: tuple[int, ...], proto: Any) -> tuple["Node", ...]:
        there = _at(self.root, path)
        before = there.over or there if isinstance(there, Passing) else there
        if not isinstance(before, Part) or before.kind != str(proto.WhichOneof("type")):
            return ()
        other_dialog = before.kind == "dialog" and before.proto.id != proto.id
        return () if other_dialog else before.children

    def _filter(self, keep: Any) -> None:
        kept = tuple(keep(part) or Part(None, "", self.script) for part in self.root.children)
        self.root = replace(self.root, children=kept)


def _at(node: Node, path: Sequence[int]) -> Node | None:
    if isinstance(node, Passing):
        return node if not path else node.over and _at(node.over, path)
    if not path:
        return node
    if isinstance(node, Shown) or path[0] >= len(node.children):
        return None
    return _at(node.children[path[0]], path[1:])


def _placed(there: Node, path: tuple[int, ...], node: Node, run: str, whole: tuple[int, ...]) -> Node:
    if not path:
        if isinstance(node, Passing) and node.over is None and not isinstance(there, Passing):
            return replace(node, over=there)
        return replace(there, over=node) if isinstance(there, Passing) and there.run == run and there.elements else node
    if isinstance(there, Passing):
        if there.over is None:
            raise MisplacedDelta(f"nothing stands under what passes at {whole}")
        return replace(there, over=_placed(there.over, path, node, run, whole))
    if isinstance(there, Shown):
        raise MisplacedDelta(f"'setIn' cannot be called on an element, at {whole}: {there.kind}")
    at, rest = path[0], path[1:]
    if at > len(there.children):
        raise MisplacedDelta(f"Bad delta path index {at} of {len(there.children)}, at {whole}")
    if at == len(there.children) and rest:
        raise MisplacedDelta(f"Cannot set a node at a delta path: {whole}, where the last is {at - 1}")
    new = node if at == len(there.children) else _placed(there.children[at], rest, node, run, whole)
    return replace(there, run=run, children=(*there.children[:at], new, *there.children[at + 1 :]))


def _fresh(node: Node, run: str, fragments: Collection[str], inside: str) -> Node | None:
    """What is left of it after a run; in a run of fragments only theirs goes."""
    match node:
        case Shown():
            elsewhere = bool(fragments) and (not node.fragment or not inside)
            return node if node.kind == _KEPT_OVER_RUNS or elsewhere or node.run == run else None
        case Passing():
            over = node.over and _fresh(node.over, run, fragments, inside)
            left = tuple(one for one in node.elements if _fresh(one, run, fragments, inside))
            return replace(node, over=over, elements=left) if left else over
    if node.run != run and (inside or not fragments):
        return None
    within = node.fragment if fragments and node.fragment in fragments and node.run == run else inside
    kept = (_fresh(child, run, fragments, within) for child in node.children)
    return replace(node, run=run, children=tuple(one for one in kept if one))


def _of_script(node: Node, script: str) -> Node | None:
    match node:
        case Shown():
            return node if node.script == script else None
        case Passing():
            left = tuple(one for one in node.elements if one.script == script)
            over = node.over and _of_script(node.over, script)
            return replace(node, over=over, elements=left) if left else over
    if node.script != script and node.proto is not None:
        return None
    kept = (_of_script(child, script) for child in node.children)
    return replace(node, children=tuple(one for one in kept if one))


def _settled(node: Node, fragments: Collection[str]) -> Node | None:
    match node:
        case Shown():
            return node
        case Passing():
            return node.over
    if fragments and node.fragment and node.fragment not in fragments:
        return node
    kept = (_settled(child, fragments) for child in node.children)
    return replace(node, children=tuple(one for one in kept if one))


def _elements(node: Node) -> Iterator[Shown]:
    match node:
        case Shown():
            yield node
        case Passing():
            yield from node.elements
            if node.over:
                yield from _elements(node.over)
        case Part():
            for child in node.children:
                yield from _elements(child)


def _parts(node: Node) -> Iterator[Part]:
    if isinstance(node, Part):
        yield node
        for child in node.children:
            yield from _parts(child)


def label(element: Shown) -> str:
    """What stands on a widget."""
    return next((str(getattr(element.widget, name)) for name in LABELLED if hasattr(element.widget, name)), "")


def key_of(element: Shown) -> str:
    """The key that the page gave a widget; the server writes it at the end of the widget's id."""
    said = getattr(element.widget, "id", "")
    return said.split("-", 2)[-1] if said.startswith("$$") else ""


def data_of(element: Shown) -> dict[str, Any]:
    """What a component of our own was given to show."""
    component: Message = element.widget
    text = component.json or component.mixed.json  # type: ignore[attr-defined]
    shown: dict[str, Any] = json.loads(text or "{}")
    return shown
