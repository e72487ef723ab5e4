ALTER TABLE sign_in_flows DROP COLUMN device_token_hashes;
