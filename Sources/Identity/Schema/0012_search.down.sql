ALTER TABLE users
    DROP KEY users_created_at,
    DROP KEY users_updated_at;
