"""People: who has a role, invite, change, remove, end sessions; for admins."""

from core import runtime as runtimes
from core.domain.language import tr
from core.ui.data import people
from core.ui.kit import formats, messages, notes

runtime = runtimes.get()
notes.say_done()

with messages.guarded(tr("This page")):
    people.section(runtime, formats.viewer_zone(runtime.settings.zone), runtime.now())
