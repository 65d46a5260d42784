-- What a recipient is searched by, as core.domain.recipients.recipient_key writes it; filled by core.store.filling.
ALTER TABLE shipment ADD COLUMN recipient_key VARCHAR DEFAULT '';
