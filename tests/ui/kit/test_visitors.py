"""For whom something is done in a thread of the server: for who pressed, in their language."""

from contextvars import copy_context
from threading import Thread

from core import runtime
from core.domain.language import Language, speak, tr
from core.languages import speech_of
from core.ui.kit import visitors


def test_what_a_press_sets_going_is_done_for_who_pressed_and_in_their_language() -> None:
    heard = []

    def press() -> None:
        runtime.asking.set("ada")
        speak(speech_of(Language.KOREAN))
        act = visitors.taken_along(lambda: heard.append((visitors.asker(), tr("Open"))))
        for thread in [Thread(target=act) for _ in range(2)]:
            thread.start()
            thread.join()

    copy_context().run(press)
    said = speech_of(Language.KOREAN).said("Open")
    assert said != "Open"
    assert heard == [("ada", said)] * 2
    assert visitors.asker() != "ada"
