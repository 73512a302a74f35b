-- The open cases of a scanned unit are found by its serial number.
CREATE INDEX service_case_serial ON service_case (serial, id) WHERE serial IS NOT NULL;
