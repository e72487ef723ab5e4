DELETE FROM guards WHERE name = 'membership';
DROP TABLE service_account_roles;
DROP TABLE group_members;
DROP TABLE group_roles;
DROP TABLE user_roles;
DROP TABLE group_closure;
DROP TABLE group_edges;
DROP TABLE user_groups;
DROP TABLE roles;
