-- The one form of an invoice number, beside what was entered: by it numbers are compared, searched and asked about. The forms are
-- those of the carriers' rules when this step was written; every row that is written later brings its own.
ALTER TABLE invoice ADD COLUMN canonical_no VARCHAR;
ALTER TABLE shipment ADD COLUMN canonical_no VARCHAR;
ALTER TABLE tracking ADD COLUMN canonical_no VARCHAR;

CREATE OR REPLACE TEMP MACRO is_mod10(number) AS
    list_sum(list_transform(string_split(reverse(number), ''), lambda digit, place: digit::INTEGER * (1 + 2 * ((place + 1) % 2)))) % 10 = 0;

CREATE OR REPLACE TEMP TABLE wrapped AS
WITH entered AS (
    SELECT DISTINCT carrier, invoice_no,
           regexp_extract(invoice_no, '^(?:420\d{5}(?:\d{4})?)?(9[1-5]\d{20})$', 1) AS usps_22,
           regexp_extract(invoice_no, '^(?:420\d{5}(?:\d{4})?)?(9[1-5]\d{24})$', 1) AS usps_26,
           regexp_extract(invoice_no, '^420\d{5}(?:\d{4})?(\d{20})$', 1) AS usps_20,
           regexp_extract(invoice_no, '^(?:420\d{5}(?:\d{4})?)?(?:92)?(6129\d{16})$', 1) AS economy,
           regexp_extract(invoice_no, '^\d{20}00(\d{12})$', 1) AS fedex_34,
           regexp_extract(invoice_no, '^96\d{5}(\d{15})$', 1) AS fedex_22,
           regexp_extract(invoice_no, '^\d{16}(\d{12})\d{4}$', 1) AS fedex_32,
           regexp_extract(invoice_no, '^00(\d{18})$', 1) AS sscc,
           regexp_extract(invoice_no, '^J(JD\d+)$', 1) AS dhl
    FROM invoice),
surely AS (
    SELECT carrier, invoice_no,
           CASE WHEN usps_22 <> '' AND is_mod10(usps_22) THEN usps_22
                WHEN usps_26 <> '' AND is_mod10(usps_26) THEN usps_26
                WHEN usps_20 <> '' AND is_mod10(usps_20) THEN usps_20
                WHEN carrier = 'usps' THEN coalesce(nullif(usps_22, ''), nullif(usps_26, ''), usps_20) ELSE '' END AS usps,
           CASE WHEN economy <> '' AND is_mod10('92' || economy) THEN '92' || economy
                WHEN fedex_34 <> '' AND NOT regexp_matches(invoice_no, '^420\d{5}(\d{4})?9[1-5]') THEN fedex_34
                WHEN fedex_22 <> '' THEN fedex_22
                WHEN fedex_32 <> '' AND NOT starts_with(invoice_no, '420') THEN fedex_32
                ELSE sscc END AS fedex,
           dhl
    FROM entered)
SELECT carrier, invoice_no, canonical_no FROM (
    SELECT carrier, invoice_no,
           CASE carrier WHEN 'usps' THEN usps WHEN 'fedex' THEN fedex WHEN 'dhl' THEN dhl
                        WHEN 'other' THEN CASE WHEN usps <> '' THEN usps WHEN fedex <> '' THEN fedex ELSE dhl END
                        ELSE '' END AS canonical_no
    FROM surely)
WHERE canonical_no NOT IN ('', invoice_no);

UPDATE invoice SET canonical_no = invoice_no;
UPDATE shipment SET canonical_no = invoice_no WHERE invoice_no IS NOT NULL;
UPDATE tracking SET canonical_no = invoice_no;
UPDATE invoice SET canonical_no = w.canonical_no FROM wrapped w WHERE w.carrier = invoice.carrier AND w.invoice_no = invoice.invoice_no;
UPDATE shipment SET canonical_no = w.canonical_no FROM wrapped w WHERE w.carrier = shipment.carrier AND w.invoice_no = shipment.invoice_no;
UPDATE tracking SET canonical_no = w.canonical_no FROM wrapped w WHERE w.carrier = tracking.carrier AND w.invoice_no = tracking.invoice_no;
INSERT INTO search_key
SELECT DISTINCT 'invoice_no', w.canonical_no, i.shipment_id FROM invoice i JOIN wrapped w USING (carrier, invoice_no)
WHERE i.action = 'registered';

DROP TABLE wrapped;
DROP MACRO is_mod10;
