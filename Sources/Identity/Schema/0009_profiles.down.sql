DROP TABLE profile_tasks;
DROP TABLE profile_unique_values;
DROP TABLE profile_index;
DROP TABLE profiles;
DELETE FROM guards WHERE name = 'profile_schema';
DROP TABLE profile_schemas;
