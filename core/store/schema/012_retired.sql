-- Since when a carrier is retired, and by whom: its numbers are not asked about any more, and it is not offered for new shipments.
ALTER TABLE carrier_setting ADD COLUMN retired_at TIMESTAMPTZ;
ALTER TABLE carrier_setting ADD COLUMN retired_by VARCHAR;
