DROP TABLE passkey_challenges;
DROP TABLE passkeys;
DROP TABLE user_handles;
