"""One event told again: which tellings of carriers are the same event, and what is known of it after all of them.

A carrier tells an event at every question, with more the next time: a place, a country, seconds, a code, a stage, a zone. What is known
in the end does not depend on the order or the number of tellings. A service that names its events tells the same one again under its name,
whatever else is different then: its last word counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from core.domain.history import ChangeSource
from core.domain.shipment import ON_THE_WAY, Checkpoint, Hint, Stage, ZoneFrom
from core.domain.texts import letters_of
from core.domain.values import changed

NEARLY = timedelta(minutes=1)

_SURENESS = {zone: place for place, zone in enumerate(ZoneFrom)}


@dataclass(frozen=True)
class Retold:
    """What tellings add to what is stored: events that are `new`, stored ones that are `corrected` (as stored, as known now), and
    stored ones that are `gone`, since they turned out to be another one.
    """

    new: tuple[Checkpoint, ...] = ()
    corrected: tuple[tuple[Checkpoint, Checkpoint], ...] = ()
    gone: tuple[Checkpoint, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.corrected or self.gone)

    def applied(self, stored: Iterable[Checkpoint]) -> tuple[Checkpoint, ...]:
        """The stored checkpoints as they are after it."""
        if not (self.corrected or self.gone):
            return (*stored, *self.new)
        known = dict(self.corrected)
        return (*(known.get(point, point) for point in stored if point not in self.gone), *self.new)


def events(tellings: Iterable[Checkpoint]) -> list[Checkpoint]:
    """Each event once, as it is known after all tellings of one number, in no order; what people and imports said is left alone."""
    points = list(tellings)
    told = [point for point in points if _told(point)]
    others = [point for point in points if not _told(point)] if len(told) < len(points) else []
    return others + (told if _are_far_apart(told) else [joined(group) for group in _groups(told)])


def retold(stored: Sequence[Checkpoint], told: Iterable[Checkpoint]) -> Retold:
    """What carriers told of a number beside what is stored of it.

    An event of the moment and stage of a stored one that was not told this time is that one in other words: several count as several
    only when they are told at once.
    """
    told = list(told)
    if (new := _only_new(stored, told)) is not None:
        return Retold(tuple(sorted(new, key=_order)))
    heard, before = set(told), {point for point in stored if _told(point)}
    renewed = _renewed(before, heard)
    heard, before = heard.difference(renewed.values()), before.difference(renewed)
    groups = _groups([*before, *heard])
    fresh, corrected, kept = [], list(renewed.items()), set()
    unheard = [point for point in stored if not _told(point) and point.hint is not Hint.SETTLED]
    for group in groups:
        known, now = before.intersection(group), joined(group)
        if not known:
            fresh.append(now)
            continue
        first = min(known, key=lambda point: (point != now, *_order(point)))
        kept.add(first)
        if _corrects(now, first):
            corrected.append((first, now))
        if not any(point.stage is first.stage for point in heard.intersection(group)):
            unheard.append(first)
    return _in_other_words(fresh, corrected, sorted(before - kept, key=_order), unheard)


def _only_new(stored: Iterable[Checkpoint], told: Sequence[Checkpoint]) -> list[Checkpoint] | None:
    """What is told beyond what is stored, where all that is stored is told as it was, and each telling is an event of its own.

    None where it has to be found out which are the same.
    """
    if not _are_apart(told):
        return None
    left: dict[datetime, list[Checkpoint]] = defaultdict(list)
    for point in told:
        left[point.happened_at].append(point)
    for point in stored:
        try:
            left[point.happened_at].remove(point)
        except ValueError:
            return None
        if not _told(point):
            return None
    return [point for at_once in left.values() for point in at_once]


def _are_apart(tellings: Sequence[Checkpoint]) -> bool:
    """Whether each of the tellings is an event of its own for sure: no two are told under one name, or at one time in the same words."""
    if _are_far_apart(tellings):
        return True
    if any(point.zone_from is ZoneFrom.BORROWED for point in tellings) or not _are_named_apart(tellings):
        return False
    by_words: dict[str, list[Checkpoint]] = defaultdict(list)
    for point in tellings:
        alike = by_words[letters_of(point.text)]
        if any(_same(point, other) for other in alike):
            return False
        alike.append(point)
    return True


def _are_far_apart(tellings: Sequence[Checkpoint]) -> bool:
    """Whether they are events of their own by their times alone."""
    zones = {point.zone_from for point in tellings}
    if len(zones) > 1 or ZoneFrom.BORROWED in zones or not _are_named_apart(tellings):
        return False
    moments = sorted([point.happened_at for point in tellings])
    return all(after - before > NEARLY for before, after in pairwise(moments))


def _are_named_apart(tellings: Sequence[Checkpoint]) -> bool:
    names = [point.told_as for point in tellings if point.told_as]
    return len(set(names)) == len(names)


def joined(group: Sequence[Checkpoint]) -> Checkpoint:
    """What is known of one event after these tellings of it."""
    if len(group) == 1:
        return group[0]
    timed = min(group, key=_timing)
    staged = max(group, key=_telling)
    return changed(
        timed,
        stage=staged.stage,
        inferred=staged.inferred,
        code=staged.code,
        text=min(group, key=lambda point: (not point.text, point.text)).text,
        place=max(group, key=lambda point: (len(point.place), point.place)).place,
        hint=next((point.hint for point in group if point.hint), None),
        told_as=min((point.told_as for point in group if point.told_as), default=""),
    )


def _renewed(before: Iterable[Checkpoint], heard: Iterable[Checkpoint]) -> dict[Checkpoint, Checkpoint]:
    """The stored events that are told again under their names as something else, with what they are now."""
    named = {point.told_as: point for point in sorted(heard, key=_order) if point.told_as}
    again = ((point, named[point.told_as]) for point in sorted(before, key=_order) if point.told_as in named)
    return {point: now for point, now in again if not (_same_words(point, now) and _same(point, now))}


def _same_words(one: Checkpoint, other: Checkpoint) -> bool:
    return letters_of(one.text) == letters_of(other.text)


def _told(point: Checkpoint) -> bool:
    return point.source is ChangeSource.CARRIER and point.hint is not Hint.SETTLED


def _groups(tellings: Iterable[Checkpoint]) -> list[list[Checkpoint]]:
    """The tellings by the event that they are about; of statuses without a time of their own only those that no event has."""
    found: list[list[Checkpoint]] = []
    by_words: dict[str, list[list[Checkpoint]]] = defaultdict(list)
    for point in sorted(dict.fromkeys(tellings), key=_most_telling_first):
        # Like what is known of the event by now: two stages are not one because a telling without any is like both.
        words = letters_of(point.text)
        like = [group for group in by_words[words] if _same(point, joined(group) if group[1:] else group[0])]
        if like:
            min(like, key=lambda group: (abs(group[0].happened_at - point.happened_at), *_order(group[0]))).append(point)
        else:
            group = [point]
            found.append(group)
            by_words[words].append(group)
    return _without_borrowed(_named_once(found))


def _named_once(groups: list[list[Checkpoint]]) -> list[list[Checkpoint]]:
    """The same with those together that hold tellings under one name."""
    found: list[list[Checkpoint]] = []
    holder: dict[str, list[Checkpoint]] = {}
    for group in groups:
        names = {point.told_as for point in group if point.told_as}
        first = next((holder[name] for name in sorted(names) if name in holder), None)
        if first is None:
            found.append(group)
        else:
            first.extend(group)
        for name in names:
            holder.setdefault(name, first or group)
    return found


def _without_borrowed(groups: list[list[Checkpoint]]) -> list[list[Checkpoint]]:
    """Without statuses that were dated by another event, where an event was told that has them, or they were dated again later."""
    borrowed = [group for group in groups if group[0].zone_from is ZoneFrom.BORROWED]
    if not borrowed:
        return groups
    kept = [group for group in groups if group[0].zone_from is not ZoneFrom.BORROWED]
    for group in sorted(borrowed, key=lambda group: group[0].happened_at, reverse=True):
        if not any(_one_status(group[0], other[0]) for other in kept):
            kept.append(group)
    return kept


def _one_status(one: Checkpoint, other: Checkpoint) -> bool:
    return one.stage is other.stage or (one.stage in ON_THE_WAY and other.stage in ON_THE_WAY)


def _same(one: Checkpoint, other: Checkpoint) -> bool:
    """Of two tellings with the same words but for case, blanks and punctuation: whether they are about one event."""
    places = {one.place, other.place} - {""}
    return _one_time(one, other) and _one_stage(one, other) and bool(one.text or len(places) < 2)


def _one_time(one: Checkpoint, other: Checkpoint) -> bool:
    """The same moment or, where one of both knew the zone less surely, the same local time.

    Then the moments only agree by chance, unless no local time was written, or UTC in its place.
    """
    at_once = abs(one.happened_at - other.happened_at) <= NEARLY
    if one.zone_from is other.zone_from:
        return at_once
    return abs(_local(one) - _local(other)) <= NEARLY or (at_once and (_without_local(one) or _without_local(other)))


def _one_stage(one: Checkpoint, other: Checkpoint) -> bool:
    """The same stage, or one that says less of the same: none, an exception, a pick-up that is only inferred."""
    if one.stage is other.stage:
        return one.stage is not None or one.code == other.code or not (one.code and other.code)
    if {one.stage, other.stage} == ON_THE_WAY:
        return one.inferred or other.inferred
    less, more = sorted((one.stage, other.stage), key=lambda stage: -1 if stage is None else stage.progress)
    return bool(one.text) and (less is None or (less is Stage.EXCEPTION and more is not None))


def _corrects(now: Checkpoint, stored: Checkpoint) -> bool:
    """Whether more is known than is stored; of a time with its own zone, the local time follows from it."""
    if now == stored:
        return False
    return not (now.zone_from is stored.zone_from is ZoneFrom.WRITTEN and changed(now, local_at=stored.local_at) == stored)


def _local(point: Checkpoint) -> datetime:
    return point.local_at or point.happened_at.replace(tzinfo=None)


def _without_local(point: Checkpoint) -> bool:
    return _local(point) == point.happened_at.replace(tzinfo=None)


def _timing(point: Checkpoint) -> tuple[int, bool, datetime, bool]:
    at = point.happened_at
    return _SURENESS[point.zone_from], not (at.second or at.microsecond), at, point.local_at is None


def _telling(point: Checkpoint) -> tuple[bool, bool, bool, int, bool, str]:
    """The more a stage says, the greater; of the codes of one stage any, but always the same one."""
    stage = point.stage
    says_more = stage not in (None, Stage.EXCEPTION)
    return stage is not None, says_more, not point.inferred, -stage.progress if stage else 0, bool(point.code), point.code


def _most_telling_first(point: Checkpoint) -> tuple[int, bool, bool, datetime, int, str, str, str]:
    stage = point.stage
    return _SURENESS[point.zone_from], stage is None, stage is Stage.EXCEPTION, *_order(point)


def _order(point: Checkpoint) -> tuple[datetime, int, str, str, str]:
    return point.happened_at, -1 if point.stage is None else point.stage.progress, point.text, point.code, point.place


def _in_other_words(
    new: list[Checkpoint], corrected: list[tuple[Checkpoint, Checkpoint]], gone: list[Checkpoint], unheard: list[Checkpoint]
) -> Retold:
    left: dict[tuple[datetime, str], list[Checkpoint]] = defaultdict(list)
    for point in sorted(unheard, key=_order, reverse=True):
        left[point.happened_at, point.stage or point.code].append(point)
    fresh = []
    for point in sorted(new, key=_order):
        alike = left[point.happened_at, point.stage or point.code]
        was = next((known for known in reversed(alike) if _reworded(known, point)), None)
        if was is None:
            fresh.append(point)
            continue
        alike.remove(was)
        now = changed(joined([was, point]), text=min(was.text or point.text, point.text or was.text))
        if _told(was) and _corrects(now, was):
            corrected = [*(pair for pair in corrected if pair[0] != was), (was, now)]
    return Retold(tuple(fresh), tuple(corrected), tuple(gone))


def _reworded(was: Checkpoint, point: Checkpoint) -> bool:
    """Whether two tellings of one moment and stage are one event in other words, not two whose moments agree by chance."""
    other_words = was.text != point.text or not (point.text and _told(was))
    return other_words and (was.zone_from is point.zone_from or _without_local(was) or _without_local(point))
