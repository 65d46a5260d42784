-- What takes one of a few values for good is kept as one of them: it is compared and counted in a fraction of the time.
CREATE TYPE shipment_status AS ENUM
    ('preparing_to_release', 'preparing_to_ship', 'released', 'in_delivery', 'shipping_failed', 'delivered');
CREATE TYPE shipment_destination AS ENUM ('domestic', 'international');
CREATE TYPE shipment_kind AS ENUM ('standard', 'exchange');
ALTER TABLE shipment ALTER status TYPE shipment_status;
ALTER TABLE shipment ALTER destination TYPE shipment_destination;
ALTER TABLE shipment ALTER kind TYPE shipment_kind;
