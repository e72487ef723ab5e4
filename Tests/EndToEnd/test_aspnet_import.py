"""Users of an application with ASP.NET Core Identity are taken over, from its database and from its tables as files."""

import base64
import csv
import hashlib
import os
import struct

import pyotp
import pytest

from rpc import Connection, external_login_pb2, password_pb2, profile_pb2, totp_pb2, user_pb2
from server import Server

SCHEMA = """
CREATE TABLE AspNetUsers (Id varchar(255) NOT NULL PRIMARY KEY, UserName varchar(256) NULL,
    NormalizedUserName varchar(256) NULL, Email varchar(256) NULL, NormalizedEmail varchar(256) NULL,
    EmailConfirmed tinyint(1) NOT NULL, PasswordHash longtext NULL, SecurityStamp longtext NULL,
    ConcurrencyStamp longtext NULL, PhoneNumber longtext NULL, PhoneNumberConfirmed tinyint(1) NOT NULL,
    TwoFactorEnabled tinyint(1) NOT NULL, LockoutEnd datetime(6) NULL, LockoutEnabled tinyint(1) NOT NULL,
    AccessFailedCount int NOT NULL) CHARACTER SET utf8mb4;
CREATE TABLE AspNetRoles (Id varchar(255) NOT NULL PRIMARY KEY, Name varchar(256) NULL,
    NormalizedName varchar(256) NULL, ConcurrencyStamp longtext NULL) CHARACTER SET utf8mb4;
CREATE TABLE AspNetUserRoles (UserId varchar(255) NOT NULL, RoleId varchar(255) NOT NULL, PRIMARY KEY (UserId, RoleId));
CREATE TABLE AspNetUserClaims (Id int AUTO_INCREMENT PRIMARY KEY, UserId varchar(255) NOT NULL, ClaimType longtext NULL,
    ClaimValue longtext NULL) CHARACTER SET utf8mb4;
CREATE TABLE AspNetUserLogins (LoginProvider varchar(128) NOT NULL, ProviderKey varchar(128) NOT NULL,
    ProviderDisplayName longtext NULL, UserId varchar(255) NOT NULL, PRIMARY KEY (LoginProvider, ProviderKey));
CREATE TABLE AspNetUserTokens (UserId varchar(255) NOT NULL, LoginProvider varchar(128) NOT NULL,
    Name varchar(128) NOT NULL, Value longtext NULL, PRIMARY KEY (UserId, LoginProvider, Name));
"""
KEY = pyotp.random_base32()
COLUMNS = {
    "AspNetUsers": ["Id", "UserName", "Email", "EmailConfirmed", "PasswordHash", "PhoneNumber", "PhoneNumberConfirmed",
                    "TwoFactorEnabled", "LockoutEnd", "LockoutEnabled", "AccessFailedCount"],
    "AspNetRoles": ["Id", "Name"], "AspNetUserRoles": ["UserId", "RoleId"],
    "AspNetUserClaims": ["UserId", "ClaimType", "ClaimValue"],
    "AspNetUserLogins": ["LoginProvider", "ProviderKey", "UserId"],
    "AspNetUserTokens": ["UserId", "LoginProvider", "Name", "Value"],
}


def identity_v3(password):
    """The layout of ASP.NET Core Identity's version 3: PBKDF2 with HMAC-SHA-512."""
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 1000, 32)
    return base64.b64encode(b"\x01" + struct.pack(">III", 2, 1000, 16) + salt + key).decode()


def rows():
    soap = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
    return {
        "AspNetUsers": [
            ("a", "ann@example.com", "Ann@example.com", 1, identity_v3("violet tandem 93 kettle"), "+41791234567", 1, 1, None, 1, 0),
            ("b", "bob", "bob@example.com", 0, None, None, 0, 0, "2099-01-01 00:00:00.000000", 1, 5),
            ("c", "cat", None, 0, None, None, 0, 0, "9999-12-31 23:59:59.999999", 1, 0),
            ("d", "dan", "dan@example.com", 1, None, "call me", 0, 0, "2001-01-01 00:00:00.000000", 1, 0),
            ("e", "eve", "eve@example.com", 1, None, None, 0, 0, "2099-01-01 00:00:00.000000", 0, 0),
        ],
        "AspNetRoles": [("r1", "Chief"), ("r2", "Clerk")],
        "AspNetUserRoles": [("a", "r1"), ("a", "r2"), ("b", "r2")],
        "AspNetUserClaims": [("a", soap + "name", "Ann Smith"), ("a", "urn:shoe", "39"), ("b", "name", "Bob, \"B\"")],
        "AspNetUserLogins": [("Google", "123", "b"), ("Facebook", "456", "b")],
        "AspNetUserTokens": [("a", "[AspNetUserStore]", "AuthenticatorKey", KEY),
                             ("a", "[AspNetUserStore]", "RecoveryCodes", "x;y"),
                             ("b", "[AspNetUserStore]", "AuthenticatorKey", KEY), ("b", "Google", "access_token", "z")],
    }


@pytest.fixture(scope="module")
def own_server():
    server = Server(options=["--passwords-enabled", "true"]).start()
    server.bootstrap()
    yield server
    server.stop()


def files(directory):
    for table, values in rows().items():
        with open(directory / f"{table}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS[table])
            writer.writerows([["NULL" if value is None else value for value in row] for row in values])
    return ["--tables", str(directory)]


def database(server):
    def quoted(value):
        return "NULL" if value is None else "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"

    inserts = [f"INSERT INTO {table} ({', '.join(COLUMNS[table])}) VALUES ({', '.join(map(quoted, row))});"
               for table, values in rows().items() for row in values]
    server.query("CREATE DATABASE old_app; USE old_app; " + SCHEMA + " ".join(inserts))
    sockets = [path for path in server.directory.rglob("*.sock") if path.name != "rpc.sock"]
    return ["--source", str(sockets[0]), "--source-database", "old_app"]


@pytest.mark.parametrize("kind", ["files", "database"])
def test_users_of_aspnet_identity_are_taken_over(own_server, kind, tmp_path):
    own_server.query("DELETE FROM users; DELETE FROM roles; DELETE FROM external_providers")
    own_server.command("provider", "create", "google", "--preset", "google", "--client-id", "ours")
    source = [*(files(tmp_path) if kind == "files" else database(own_server)), "--provider", "Google=google"]
    dry = own_server.command("import", "aspnet-identity", *source, "--dry-run", check=False)
    assert "Dry run, nothing was written: 4 created, 1 failed" in dry.stdout and "Roles to make: Chief, Clerk." in dry.stdout
    assert own_server.query("SELECT COUNT(*) FROM users").strip() == "0"
    told = own_server.command("import", "aspnet-identity", *source, check=False)
    assert told.returncode == 1 and "4 created, 1 failed" in told.stdout, told.stdout + told.stderr
    assert "line 4 (user d): identifiers[2].value: not a valid phone number" in told.stderr
    for words in ["Left out of 1 user: recovery codes", "Left out of 1 user: external logins of Facebook",
                  "Left out of 1 user: claims of type urn:shoe", "Roles made: Chief, Clerk."]:
        assert words in told.stdout, told.stdout
    with Connection(own_server) as connection:
        def find(external_id):
            return connection.call("UserService/FindUser", user_pb2.FindUserRequest(external_id=external_id)).user

        ann, bob, cat, eve = find("a"), find("b"), find("c"), find("e")
        assert [(each.value, each.HasField("verify_time")) for each in ann.identifiers] == [
            ("Ann@example.com", True), ("+41791234567", True)]
        assert [(each.value, each.HasField("verify_time")) for each in bob.identifiers] == [
            ("bob@example.com", False), ("bob", False)]
        assert bob.state == user_pb2.USER_STATE_LOCKED and bob.locked_until.ToJsonString().startswith("2099-01-01")
        assert cat.state == user_pb2.USER_STATE_DISABLED and eve.state == user_pb2.USER_STATE_ACTIVE
        assert connection.call("PasswordService/GetPassword", password_pb2.GetPasswordRequest(
            user_id=ann.id)).HasField("password")
        devices = connection.call("TotpService/ListTotpDevices", totp_pb2.ListTotpDevicesRequest(user_id=ann.id)).devices
        assert len(devices) == 1
        # A key that was never confirmed protects nothing.
        assert not connection.call("TotpService/ListTotpDevices", totp_pb2.ListTotpDevicesRequest(user_id=bob.id)).devices
        logins = connection.call("ExternalLoginService/ListExternalLogins",
                                 external_login_pb2.ListExternalLoginsRequest(user_id=bob.id)).logins
        assert [(each.provider, each.issuer, each.subject) for each in logins] == [
            ("google", "https://accounts.google.com", "123")]
        profile = connection.call("ProfileService/GetProfile", profile_pb2.GetProfileRequest(user_id=ann.id)).profile
        assert [(each.path, each.json) for each in profile.values] == [("name", '"Ann Smith"')]
    roles = own_server.query("SELECT u.external_id, r.name FROM user_roles h JOIN users u ON u.id = h.user_id "
                             "JOIN roles r ON r.id = h.role_id ORDER BY 1, 2")
    assert roles.split() == ["a", "Chief", "a", "Clerk", "b", "Clerk"]
    again = own_server.command("import", "aspnet-identity", *source, check=False)
    assert "4 unchanged, 1 failed" in again.stdout and "Roles" not in again.stdout


def test_what_cannot_be_read_is_told(own_server, tmp_path):
    for arguments, words in [
        (["--tables", str(tmp_path)], "AspNetUsers.csv cannot be read"), ([], "Say where the users are"),
        (["--source", "/nowhere.sock"], "cannot be read"), (["--tables", str(tmp_path), "--claim", "x"], "TYPE=ATTRIBUTE"),
    ]:
        refused = own_server.command("import", "aspnet-identity", *arguments, check=False)
        assert refused.returncode != 0 and words in refused.stderr, refused.stderr
    files(tmp_path)
    (tmp_path / "AspNetUserRoles.csv").write_text("UserId,RoleId\na,r9\n")
    refused = own_server.command("import", "aspnet-identity", "--tables", str(tmp_path), check=False)
    assert refused.returncode != 0 and "names a role that AspNetRoles.csv does not have" in refused.stderr
