-- The hashes of the device tokens that a sign-in was begun with, 32 bytes each: a passkey tells only at its end whose device
-- it may be, and an application tells its devices once. An older version leaves it empty, and recognises no device then.
ALTER TABLE sign_in_flows ADD COLUMN device_token_hashes VARBINARY(160) NULL;
