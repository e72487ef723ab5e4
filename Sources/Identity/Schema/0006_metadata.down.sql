DROP TABLE authenticator_metadata;
