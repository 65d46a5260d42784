"""People: who has a role, invite, change, remove, end sessions; for admins."""

from core import runtime as runtimes
from core.domain.language import tr
from core.ui.data import people
from core.ui.kit import formats, messages, notes, shared

runtime = runtimes.get()
notes.say_done()

with messages.guarded(tr(shared.THIS_PAGE)):
    people.section(runtime, formats.viewer_zone(runtime.settings.zone), runtime.now())
