-- Lists of users by the time of their creation or last change.
ALTER TABLE users
    ADD KEY users_created_at (created_at, id),
    ADD KEY users_updated_at (updated_at, id);
