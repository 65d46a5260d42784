"""GET /metrics: figures of the running desk in the text form that Prometheus reads."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from core.domain.carriers import BreakerState
from core.runtime import Runtime
from core.services import health as reporting

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def route(get: Callable[[], Runtime]) -> Callable[[Request], Response]:
    """Answers with what is counted since the start and how things stand now; nothing about any person or parcel."""

    def metrics(_: Request) -> Response:
        registry = CollectorRegistry()
        registry.register(_Desk(get()))
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE, "cache-control": "no-store"})

    return metrics


class _Desk(Collector):
    def __init__(self, at: Runtime) -> None:
        self._at = at

    def collect(self) -> Iterator[Metric]:
        yield from self._services()
        yield from self._carriers()
        yield from self._webhooks()
        yield from self._refresher()
        yield from self._backups()
        yield from self._database()

    def _services(self) -> Iterator[Metric]:
        asked = CounterMetricFamily("shipdesk_service_requests", "Calls to a tracking service", labels=["service"])
        failed = CounterMetricFamily("shipdesk_service_errors", "Calls to a tracking service that failed", labels=["service"])
        open_ = GaugeMetricFamily("shipdesk_service_breaker_open", "Whether a service is left alone", labels=["service"])
        for name in sorted(self._at.usable):
            health = self._at.client.health(name)
            asked.add_metric([name], health.requests)
            failed.add_metric([name], health.errors)
            open_.add_metric([name], float(health.breaker is not BreakerState.CLOSED))
        yield from (asked, failed, open_)

    def _carriers(self) -> Iterator[Metric]:
        queue = GaugeMetricFamily("shipdesk_numbers_due", "Numbers that are due to be asked about", labels=["carrier"])
        watched = GaugeMetricFamily("shipdesk_numbers_watched", "Numbers that are asked about", labels=["carrier"])
        oldest = GaugeMetricFamily(
            "shipdesk_oldest_unrefreshed_seconds", "Age of the oldest last answer of a watched number", labels=["carrier"]
        )
        now = self._at.now()
        for one in self._at.carrier_health(person=self._at.settings.local):
            queue.add_metric([one.carrier], one.queue)
            watched.add_metric([one.carrier], one.watched)
            if one.oldest:
                oldest.add_metric([one.carrier], max((now - one.oldest).total_seconds(), 0.0))
        yield from (queue, watched, oldest)

    def _webhooks(self) -> Iterator[Metric]:
        taken = CounterMetricFamily("shipdesk_webhooks", "Webhooks by what they were", labels=["service", "result"])
        for (service, verdict), count in sorted(self._at.hooks.counts.items()):
            taken.add_metric([service, verdict], count)
        yield taken

    def _database(self) -> Iterator[Metric]:
        up, file = reporting.schema(self._at.store) is not None, reporting.of_file(self._at.store)
        yield _gauge("shipdesk_database_up", "Whether the database answers", float(up))
        yield _gauge("shipdesk_database_writable", "Whether the database can be written", float(file.writable))
        yield CounterMetricFamily("shipdesk_database_reopened", "Times the database was opened again", value=file.reopened)
        if file.free is not None:
            yield _gauge("shipdesk_database_disk_free_bytes", "Bytes free on the disk of the database", float(file.free))

    def _refresher(self) -> Iterator[Metric]:
        pulse = self._at.refresher.pulse
        yield _gauge("shipdesk_refresher_up", "Whether the refresher runs", float(pulse.alive))
        yield CounterMetricFamily("shipdesk_refresher_cycles", "Cycles of the refresher", value=pulse.cycles)
        yield CounterMetricFamily("shipdesk_refresher_faults", "Cycles that ended in a fault of ours", value=pulse.faults)

    def _backups(self) -> Iterator[Metric]:
        kept, care = self._at.keeper.kept(), self._at.keeper.care
        yield _gauge("shipdesk_backups", "Checked backups in the folder", float(len(kept)))
        if kept:
            age = (self._at.now() - kept[0].at).total_seconds()
            yield _gauge("shipdesk_backup_age_seconds", "Age of the newest backup", max(age, 0.0))
        yield _gauge(
            "shipdesk_backup_failed", "Whether the last nightly backup could not be written", float(care.failed is not None)
        )
        yield _gauge("shipdesk_database_damaged", "What was found damaged when the whole was read", float(len(care.damaged)))


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
