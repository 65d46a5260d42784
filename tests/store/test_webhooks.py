"""Which webhooks were taken."""

from core.store import webhooks
from tests.builders import a_store, nov


def test_a_webhook_is_known_once_it_was_remembered() -> None:
    store = a_store()
    store.write(lambda c: webhooks.remember(c, "dhl", "abc", nov(1)))
    known = [("dhl", "abc"), ("easypost", "abc"), ("dhl", "def")]
    assert [store.snapshot(lambda c, one=one: webhooks.seen(c, *one)) for one in known] == [True, False, False]


def test_old_webhooks_are_forgotten() -> None:
    store = a_store()
    store.write(lambda c: webhooks.remember(c, "dhl", "abc", nov(1)))
    store.write(lambda c: webhooks.remember(c, "dhl", "def", nov(15)))
    store.write(lambda c: webhooks.forget(c, nov(10)))
    assert store.snapshot(lambda c: (webhooks.seen(c, "dhl", "abc"), webhooks.seen(c, "dhl", "def"))) == (False, True)
