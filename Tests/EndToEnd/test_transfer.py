"""Import and export by command and over RPC (PRODUCT section 11)."""

import json
import os
import signal
import subprocess
import threading
import time

import pytest

from rpc import Connection, RpcError, role_pb2, transfer_pb2, user_pb2
from server import BINARY, Server
from test_restart import database_pids

BCRYPT = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
TABLES = ["users", "user_identifiers", "profiles", "profile_index", "profile_unique_values", "passwords", "user_roles"]


@pytest.fixture(scope="module")
def own_server():
    server = Server(options=["--passwords-enabled", "true"]).start()
    server.bootstrap()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def empty(own_server):
    own_server.query("DELETE FROM users")


def line(number, **more):
    return {"externalId": f"old-{number}", "createTime": "2019-01-01T00:00:00Z",
            "identifiers": [{"kind": "IDENTIFIER_KIND_EMAIL", "value": f"User{number}@example.com",
                             "verifyTime": "2020-01-01T00:00:00Z"},
                            {"kind": "IDENTIFIER_KIND_USERNAME", "value": f"user{number}"}],
            "profile": {"name": f"User {number}"}, **more}


def write(path, rows):
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return str(path)


def imported(server, path, *options, status=0):
    result = server.command("import", path, "--json", *options, check=False)
    assert result.returncode == status, result.stdout + result.stderr
    return {name: count for name, count in json.loads(result.stdout).items() if count}, result.stderr


def dump(server):
    """All rows of users in hexadecimal."""
    rows = {}
    for table in TABLES:
        columns = server.query("SELECT CONCAT('HEX(', column_name, ')') FROM information_schema.columns "
                               f"WHERE table_schema = 'gatehouse' AND table_name = '{table}'").split()
        rows[table] = server.query(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2, 3")
    return rows


def test_an_export_imports_to_equal_rows(own_server, tmp_path):
    with Connection(own_server) as connection:
        connection.call("RoleService/CreateRole", role_pb2.CreateRoleRequest(name="clerk"))
    rows = [line(number, passwordRecord=BCRYPT, totpSecret="JBSWY3DPEHPK3PXP JBSWY3DPEHPK3PXP",
                 roles=[{"name": "Clerk", "mayGrant": True}]) for number in range(30)]
    counts, _ = imported(own_server, write(tmp_path / "in.jsonl", rows))
    assert counts == {"created": 30, "complete": True}
    before = dump(own_server)
    key, out = tmp_path / "key", tmp_path / "out.jsonl"
    told = own_server.command("export", str(out), "--secrets-key-file", str(key))
    assert "Exported 30 users" in told.stdout and "A new key" in told.stderr
    assert out.stat().st_mode & 0o777 == 0o600 and key.stat().st_mode & 0o777 == 0o600
    text = out.read_text()
    # Before the users come the roles that all tests here made, which stay.
    kept = sum("role" in json.loads(each) for each in text.splitlines())
    assert kept >= 1 and len(text.splitlines()) == 30 + kept
    assert "$2b$" not in text and "JBSWY3DPEHPK3PXP" not in text and text.count("sealedSecrets") == 30
    own_server.query("DELETE FROM users")
    # Without the key, or with another one, no row is written; nor is one that stands in another's place.
    counts, errors = imported(own_server, str(out), status=1)
    assert counts == {"failed": 30, "unchanged": kept, "complete": True} and "sealed_secrets: needs the key" in errors
    other = tmp_path / "other"
    other.write_text("00" * 32 + "\n")
    assert imported(own_server, str(out), "--secrets-key-file", str(other), status=1)[0]["failed"] == 30
    lines = [json.loads(each) for each in text.splitlines()[kept:]]
    lines[0]["sealedSecrets"], lines[1]["sealedSecrets"] = lines[1]["sealedSecrets"], lines[0]["sealedSecrets"]
    swapped = write(tmp_path / "swapped.jsonl", lines[:2])
    assert imported(own_server, swapped, "--secrets-key-file", str(key), status=1)[0]["failed"] == 2
    assert own_server.query("SELECT COUNT(*) FROM users").strip() == "0"
    counts, _ = imported(own_server, str(out), "--secrets-key-file", str(key))
    assert counts == {"created": 30, "unchanged": kept, "complete": True}
    assert dump(own_server) == before
    again, _ = imported(own_server, str(out), "--secrets-key-file", str(key))
    assert again == {"unchanged": 30 + kept, "complete": True}
    refused = own_server.command("export", str(out), check=False)
    assert refused.returncode != 0 and "does not write over a file" in refused.stderr
    assert out.read_text() == text
    plain = own_server.command("export", "-").stdout
    assert len(plain.splitlines()) == 30 + kept and "secrets" not in plain.lower()


DIRECTORY = ["roles", "user_groups", "group_edges", "group_closure", "group_roles", "users", "user_identifiers", "user_roles",
             "group_members"]


def whole(server):
    """All rows of the directory but for profiles, whose attributes have numbers of each server's own."""
    rows = {}
    for table in DIRECTORY:
        columns = server.query("SELECT CONCAT('IFNULL(HEX(', column_name, '), \"-\")') FROM information_schema.columns "
                               f"WHERE table_schema = 'gatehouse' AND table_name = '{table}' ORDER BY ordinal_position").split("\n")
        rows[table] = server.query(f"SELECT {', '.join(filter(None, columns))} FROM {table} ORDER BY 1, 2")
    return rows


def test_a_new_server_takes_everything_back(own_server, tmp_path):
    own_server.command("schema", "add", "zoneinfo", "nickname")
    rows = [{"role": {"name": "Pilot", "description": "flies"}}, {"group": {"name": "fleet", "roles": [{"name": "pilot"}]}},
            {"group": {"name": "crew", "assuranceDemand": "ASSURANCE_DEMAND_AAL2", "parents": [{"name": "Fleet"}]}},
            line(1, groups=[{"name": "CREW"}], profile={"name": "Ada", "zoneinfo": "Europe/Zurich"}),
            {"group": {"name": "lost", "parents": [{"name": "nowhere"}]}}, {"role": {"name": ""}}, {"role": {}, "group": {}},
            {"attributes": [{"path": "9"}]}]
    counts, errors = imported(own_server, write(tmp_path / "in.jsonl", rows), status=1)
    assert counts == {"created": 4, "failed": 4, "complete": True}, errors
    named = {int(each.split(":")[0].split()[1]) for each in errors.splitlines() if each.startswith("line ")}
    assert named == {5, 6, 7, 8}, errors
    out, table = tmp_path / "out.jsonl", tmp_path / "out.csv"
    own_server.command("export", str(out))
    told = own_server.command("export", str(table)).stdout
    assert "1 of them" not in told
    second = Server(options=["--passwords-enabled", "true"]).start()
    try:
        second.bootstrap()
        counts, errors = imported(second, str(out), "--dry-run")
        assert "failed" not in counts and second.query("SELECT COUNT(*) FROM roles").strip() == "0", errors
        counts, errors = imported(second, str(out))
        assert counts == {"created": len(out.read_text().splitlines()), "complete": True}, errors
        assert whole(second) == whole(own_server)
        third = tmp_path / "third.jsonl"
        second.command("export", str(third))
        assert third.read_text() == out.read_text()
        second.query("DELETE FROM users")
        counts, errors = imported(second, str(table))
        assert counts == {"created": 1, "complete": True}, errors
        again = tmp_path / "again.csv"
        second.command("export", str(again))
        assert again.read_text() == table.read_text()
    finally:
        second.stop()


def test_each_broken_line_is_named_and_leaves_nothing(own_server, tmp_path):
    rows = [line(1), "{", "[]", '"text"', '{"nofield":1}', '{"externalId":7}', line(2, externalId=""), "",
            {"identifiers": [{"kind": "IDENTIFIER_KIND_EMAIL", "value": "nope"}], "profile": {"nosuch": 1}},
            line(3, identifiers=[{"kind": "IDENTIFIER_KIND_EMAIL", "value": "user1@EXAMPLE.com"}]),
            line(4, roles=[{"name": "nothing of the kind"}]), line(5, passwordRecord="$9$what"),
            line(6, totpSecret="1"), line(7, id="7"), line(8, state="USER_STATE_LOCKED"),
            line(9, sealedSecrets="AAAA"), line(10, profile={"name": {"first": "x"}}),
            line(11, externalId="x" * 801), line(12), {}]
    counts, errors = imported(own_server, write(tmp_path / "bad.jsonl", rows), status=1)
    good = {1, 7, 19}
    assert counts == {"created": 3, "failed": 16, "complete": True}
    named = {int(each.split(":")[0].split()[1]) for each in errors.splitlines() if each.startswith("line ")}
    assert named == set(range(1, 21)) - good - {8}
    for words in ["line 5: nofield", "line 9: identifiers[0].value", "line 9: profile.nosuch", "line 11: roles[0].name",
                  "line 12: secrets.password.record", "line 13: totp_secret", "line 14: id", "line 15: locked_until",
                  "line 16: sealed_secrets", "line 17: profile.name"]:
        assert words in errors, errors
    assert own_server.query("SELECT COUNT(*) FROM users").strip() == "3"
    assert own_server.query("SELECT COUNT(*) FROM user_identifiers").strip() == "6"
    results = tmp_path / "results.jsonl"
    imported(own_server, str(tmp_path / "bad.jsonl"), "--results", str(results), status=1)
    told = [json.loads(each) for each in results.read_text().splitlines()]
    assert {int(each["number"]) for each in told if each["outcome"] == "IMPORT_OUTCOME_UNCHANGED"} == good


def test_a_table_of_users(own_server, tmp_path):
    path = tmp_path / "users.csv"
    path.write_bytes("\ufeffemail,email_verified,username,external_id,profile.name,password_record\r\n"
                     "ann@example.com,yes,ann,e1,\"Ann \"\"A\"\", Smith\",\r\n"
                     f"bob@example.com,no,bob,e2,\"two\nlines\",{BCRYPT}\r\n"
                     "\r\n"
                     "cat@example.com,maybe,cat,e3,Cat,\n"
                     "dan@example.com,no,dan\n"
                     "eve@example.com,no,eve,e5,\"x\"y,\n"
                     "fay@example.com,,fay,e6,Fay,\n".encode() + b"g\xff@example.com,no,g,e7,G,\n"
                     + b"hal@example.com,no,hal,e8,\"open,\n")
    counts, errors = imported(own_server, str(path), status=1)
    named = {int(each.split(":")[0].split()[1]) for each in errors.splitlines() if each.startswith("line ")}
    assert named == {6, 7, 8, 10, 11} and counts == {"created": 3, "failed": 5, "complete": True}, errors
    assert "email_verified" in errors and "has 3 fields, the first one 6" in errors and "is not UTF-8" in errors
    with Connection(own_server) as connection:
        user = connection.call("UserService/FindUser", user_pb2.FindUserRequest(external_id="e1")).user
        assert [each.value for each in user.identifiers] == ["ann@example.com", "ann"]
        assert user.identifiers[0].HasField("verify_time") and not user.identifiers[1].HasField("verify_time")
    assert 'Ann \\"A\\", Smith' in own_server.command("export", "-").stdout
    assert imported(own_server, str(path), status=1)[0] == {"unchanged": 3, "failed": 5, "complete": True}
    for header, words in [("email,nonsense\n", "no column nonsense"), ("email,email\n", "stands there twice"), ("", "empty")]:
        path.write_text(header)
        refused = own_server.command("import", str(path), check=False)
        assert refused.returncode != 0 and words in refused.stderr


def test_a_client_of_ones_own_streams_rows(own_server):
    with Connection(own_server) as connection:
        stream = connection.stream("TransferService/ImportUsers")
        options = transfer_pb2.ImportOptions(conflict=transfer_pb2.IMPORT_CONFLICT_SKIP)
        for batch in range(3):
            rows = [transfer_pb2.ImportRow(number=batch * 10 + index, user=transfer_pb2.UserRecord(
                external_id=f"own-{batch}-{index}")) for index in range(10)]
            stream.send(transfer_pb2.ImportUsersRequest(options=options if batch == 0 else None, rows=rows))
            results = next(stream).results
            assert [each.number for each in results] == [batch * 10 + index for index in range(10)]
            assert all(each.outcome == transfer_pb2.IMPORT_OUTCOME_CREATED and each.user_id for each in results)
        stream.finish()
        assert list(stream) == []
        first = own_server.query("SELECT HEX(id) FROM users ORDER BY id LIMIT 1").strip().lower()
        after = f"{first[:8]}-{first[8:12]}-{first[12:16]}-{first[16:20]}-{first[20:]}"
        exported = connection.stream("TransferService/ExportUsers", transfer_pb2.ExportUsersRequest(after_user_id=after))
        assert sum(len(each.users) for each in exported) == 29
        for request in [transfer_pb2.ExportUsersRequest(secrets_key=b"short"),
                        transfer_pb2.ExportUsersRequest(after_user_id="x")]:
            with pytest.raises(RpcError) as refused:
                list(connection.stream("TransferService/ExportUsers", request))
            assert refused.value.code == "INVALID_ARGUMENT"
        stream = connection.stream("TransferService/ImportUsers")
        stream.send(transfer_pb2.ImportUsersRequest(
            rows=[transfer_pb2.ImportRow(user=transfer_pb2.UserRecord(external_id="y" * 801))]))
        with pytest.raises(RpcError) as refused:
            next(stream)
        assert refused.value.code == "INVALID_ARGUMENT" and "external_id" in str(refused.value.violations)


@pytest.mark.parametrize("victim", ["server", "database"])
def test_an_import_that_is_killed_goes_on_where_it_was(victim, tmp_path):
    server = Server().start()
    try:
        server.bootstrap()
        path = write(tmp_path / "many.jsonl", (line(number) for number in range(6000)))
        environment = {**os.environ, "GATEHOUSE_TOKEN": server.token, "GATEHOUSE_DATA_DIRECTORY": str(server.directory)}
        running = subprocess.Popen([BINARY, "import", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=environment)
        output = {}
        reader = threading.Thread(target=lambda: output.update(zip(("out", "err"), running.communicate(timeout=120))))
        reader.start()
        deadline = time.monotonic() + 60
        while int(server.query("SELECT COUNT(*) FROM users")) < 500 and time.monotonic() < deadline:
            time.sleep(0.01)
        if victim == "server":
            server.kill()
        else:
            for pid in database_pids(server):
                os.kill(pid, signal.SIGKILL)
        reader.join(120)
        assert running.returncode != 0 and "Run the same command again" in output["err"], output
        if victim == "server":
            server.start()
        deadline = time.monotonic() + 60
        while True:
            result = server.command("import", path, "--json", check=False)
            if result.returncode == 0:
                break
            # The database may be on its way back.
            assert time.monotonic() < deadline, result.stderr
            time.sleep(0.5)
        counts = json.loads(result.stdout)
        assert counts["failed"] == 0 and counts["unchanged"] >= 500 and counts["created"] > 0
        assert counts["unchanged"] + counts["created"] == 6000
        for table, count in [("users", 6000), ("user_identifiers", 12000), ("profiles", 6000), ("user_imports", 6000)]:
            assert int(server.query(f"SELECT COUNT(*) FROM {table}")) == count
        assert int(server.query("SELECT COUNT(*) FROM audit_events WHERE kind = 'user.imported'")) == 6000
    finally:
        server.stop()


def test_all_that_is_wrong_with_many_rows_is_told_whatever_its_length(own_server):
    """A frame holds a mebibyte; what is wrong with these takes more."""
    bad = transfer_pb2.UserRecord(profile_json="{" + ",".join(f'"{chr(97 + n % 26)}{n}":1' for n in range(99)) + "}")
    with Connection(own_server) as connection:
        stream = connection.stream("TransferService/ImportUsers")
        stream.send(transfer_pb2.ImportUsersRequest(
            rows=[transfer_pb2.ImportRow(number=number, user=bad) for number in range(200)]))
        stream.finish()
        answers = list(stream)
    results = [result for answer in answers for result in answer.results]
    assert len(answers) > 1 and [result.number for result in results] == list(range(200))
    assert all(len(result.problems) == 100 for result in results)
