-- Shipments that were split or put together. `split_no`: from which shipment it was split off. `joined_no`: into which it was put;
-- then it is closed and counts no more. `regrouped_at`: since when its goods are others than those that came in.
ALTER TABLE shipment ADD COLUMN split_no VARCHAR;
ALTER TABLE shipment ADD COLUMN joined_no VARCHAR;
ALTER TABLE shipment ADD COLUMN regrouped_at TIMESTAMPTZ;

-- The lines are those of the shipment that holds their goods. `came_id`: the shipment that they came in for, null for the same one;
-- `item`: which of the goods a line stands for, null where that is not known.
ALTER TABLE source_line ADD COLUMN came_id BIGINT;
ALTER TABLE source_line ADD COLUMN item INTEGER;

-- Which shipment held the goods when its number was handed over, null for the one that came in.
ALTER TABLE handed_over ADD COLUMN holder_id BIGINT;
