-- What befell each parcel stands with the shipment itself since 004: nothing is derived from its checkpoints a second time.
DROP TABLE journey_mark;
DROP TABLE journey_mark_until;
