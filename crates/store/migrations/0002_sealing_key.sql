-- What bundles for the center are sealed to; absent when the center did not say.
ALTER TABLE identity ADD COLUMN sealing_key TEXT;
