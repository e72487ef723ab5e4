"""The audit trail over RPC and on the command line, as an auditor with their own tools sees it."""

import json
import os
import re
import subprocess
import threading
import time
import uuid

import pytest

from audit_chain import digest_of
from rpc import Connection, RpcError, audit_pb2, service_account_pb2, user_pb2
from server import BINARY, Server


@pytest.fixture
def own_server():
    server = Server().start()
    server.bootstrap()
    yield server
    server.stop()


def make_user(connection):
    identifier = user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value=f"{uuid.uuid4().hex}@example.com")
    return connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(identifiers=[identifier])).user.id


def head(connection):
    return connection.call("AuditService/GetAuditHead", audit_pb2.GetAuditHeadRequest()).head


def sealed_about(connection, user, count=1, timeout=30):
    """The sealed events about a user, once there are `count`."""
    deadline = time.monotonic() + timeout
    while True:
        request = audit_pb2.ListEventsRequest(subject_user_id=user)
        events = connection.call("AuditService/ListEvents", request).events
        if len(events) >= count:
            return events
        assert time.monotonic() < deadline, "the events were not sealed"
        time.sleep(0.05)


def whole_trail(connection):
    request = audit_pb2.WatchEventsRequest(until_head=True)
    return [event for batch in connection.stream("AuditService/WatchEvents", request) for event in batch.events]


def check(events, previous=bytes(32), first=1):
    """Recomputes every digest in Python."""
    for sequence, event in enumerate(events, first):
        assert event.sequence == sequence
        previous = digest_of(event, previous)
        assert event.digest == previous, f"event {sequence}"
    return previous


def test_events_are_sealed_listed_and_chained(server, connection):
    user = make_user(connection)
    event = sealed_about(connection, user)[0]
    assert event.kind == "user.created"
    assert event.outcome == audit_pb2.AUDIT_OUTCOME_SUCCESS
    assert event.actor_kind == audit_pb2.AUDIT_ACTOR_KIND_SERVICE_ACCOUNT
    events = whole_trail(connection)
    end = head(connection)
    assert check(events) == events[-1].digest
    assert events[-1].sequence <= end.sequence
    by_number = audit_pb2.ListEventsRequest(first_sequence=event.sequence, last_sequence=event.sequence)
    assert connection.call("AuditService/ListEvents", by_number).events == [event]


def test_filters_that_no_index_serves_name_the_field(server, connection):
    user = str(uuid.uuid4())
    with pytest.raises(RpcError) as refused:
        connection.call("AuditService/ListEvents", audit_pb2.ListEventsRequest(subject_user_id=user, kind="user.created"))
    assert [violation.field for violation in refused.value.violations] == ["kind"]
    with pytest.raises(RpcError) as refused:
        connection.call("AuditService/ListEvents", audit_pb2.ListEventsRequest(subject_user_id=user, last_sequence=3))
    assert [violation.field for violation in refused.value.violations] == ["last_sequence"]


def test_nobody_reads_the_trail_without_the_permission(server, connection):
    account = connection.call("ServiceAccountService/CreateServiceAccount",
                              service_account_pb2.CreateServiceAccountRequest(
                                  name=f"reader {uuid.uuid4()}", scopes=["users.read"])).service_account
    token = connection.call("ServiceAccountService/CreateServiceToken",
                            service_account_pb2.CreateServiceTokenRequest(service_account_id=account.id)).secret
    with Connection(server, token=bytes(token).decode()) as stranger:
        for method, request in [("GetAuditHead", audit_pb2.GetAuditHeadRequest()),
                                ("ListEvents", audit_pb2.ListEventsRequest())]:
            with pytest.raises(RpcError) as refused:
                stranger.call(f"AuditService/{method}", request)
            assert refused.value.code == "PERMISSION_DENIED"
        for method, request in [("WatchEvents", audit_pb2.WatchEventsRequest()),
                                ("CheckEvents", audit_pb2.CheckEventsRequest())]:
            with pytest.raises(RpcError) as refused:
                next(stranger.stream(f"AuditService/{method}", request))
            assert refused.value.code == "PERMISSION_DENIED"


def test_a_watcher_gets_what_happens_while_it_watches(server, connection):
    stream = connection.stream("AuditService/WatchEvents",
                               audit_pb2.WatchEventsRequest(after_sequence=head(connection).sequence))
    user = make_user(connection)
    for batch in stream:
        if user in [event.subject_user_id for event in batch.events]:
            break
    stream.cancel()
    with pytest.raises(RpcError) as ended:
        for _ in stream:
            pass
    assert ended.value.code == "CANCELLED"


def test_a_number_that_was_never_given_cannot_be_resumed_from(server, connection):
    with pytest.raises(RpcError) as refused:
        next(connection.stream("AuditService/WatchEvents", audit_pb2.WatchEventsRequest(after_sequence=1 << 40)))
    assert [violation.field for violation in refused.value.violations] == ["after_sequence"]


def test_a_watch_goes_on_after_the_server_was_killed_and_misses_and_repeats_nothing(own_server):
    """Writers go on while the server is killed in the middle of sealing, twice."""
    seen, position = [], 0
    for round in range(3):
        with Connection(own_server) as connection, Connection(own_server) as writing:
            stop = threading.Event()

            def write():
                try:
                    while not stop.is_set():
                        make_user(writing)
                except (ConnectionError, OSError, RpcError, TimeoutError):
                    pass

            writers = [threading.Thread(target=write) for _ in range(4)]
            for writer in writers:
                writer.start()
            stream = connection.stream("AuditService/WatchEvents",
                                       audit_pb2.WatchEventsRequest(after_sequence=position))
            for batch in stream:
                seen += batch.events
                position = batch.events[-1].sequence
                if len(seen) > 150 * (round + 1):
                    break
            stop.set() if round == 2 else own_server.kill()
            for writer in writers:
                writer.join()
        if round < 2:
            own_server.start()
    with Connection(own_server) as connection:
        request = audit_pb2.WatchEventsRequest(after_sequence=position, until_head=True)
        for batch in connection.stream("AuditService/WatchEvents", request):
            seen += batch.events
        check(seen)
        verified = list(connection.stream("AuditService/CheckEvents", audit_pb2.CheckEventsRequest()))[-1]
        assert verified.bad_sequence == 0 and verified.checked.sequence >= len(seen)
        users = own_server.query("SELECT COUNT(*) FROM users").strip()
        created = own_server.query("SELECT COUNT(*) FROM audit_events WHERE kind = 'user.created'").strip()
        assert users == created


def test_a_stopping_server_ends_its_watchers_so_that_they_go_on_elsewhere(own_server):
    with Connection(own_server) as connection:
        sealed_about(connection, make_user(connection))
        stream = connection.stream("AuditService/WatchEvents", audit_pb2.WatchEventsRequest())
        next(stream)
        stopper = threading.Thread(target=own_server.stop)
        stopper.start()
        with pytest.raises(RpcError) as ended:
            for _ in stream:
                pass
        assert ended.value.code == "UNAVAILABLE"
        stopper.join()
    assert own_server.process.returncode == 0


def test_the_command_line_lists_exports_and_verifies(server, connection, tmp_path):
    user = make_user(connection)
    sealed_about(connection, user)
    assert "user.created" in server.command("audit", "list", "--user", user).stdout
    listed = json.loads(server.command("audit", "list", "--user", user, "--json").stdout)
    assert listed["events"][0]["subjectUserId"] == user
    anchor = server.command("audit", "head").stdout.strip()
    assert re.fullmatch(r"\d+:[0-9a-f]{64}", anchor)
    verified = server.command("audit", "verify", "--anchor", anchor).stdout
    assert verified.startswith("All ")
    path = tmp_path / "trail.jsonl"
    server.command("audit", "export", "--output", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert server.command("audit", "verify", "--file", str(path), "--anchor", anchor).stdout.startswith("All ")
    tail = tmp_path / "tail.jsonl"
    server.command("audit", "export", "--after", "1", "--output", str(tail))
    answer = json.loads(server.command("audit", "verify", "--file", str(tail), "--json").stdout)
    assert int(answer["checked"]) >= int(anchor.split(":")[0])


def test_what_is_done_to_an_export_is_named(server, connection, tmp_path):
    for _ in range(6):
        user = make_user(connection)
    sealed_about(connection, user)
    path = tmp_path / "trail.jsonl"
    server.command("audit", "export", "--output", str(path))
    lines = path.read_text().splitlines()
    anchor = f"{len(lines) - 2}:{json.loads(lines[-1])['digest']}"

    def bad(changed, *more):
        path.write_text("".join(line + "\n" for line in changed))
        result = server.command("audit", "verify", "--file", str(path), "--json", *more, check=False)
        assert result.returncode == 2, result.stdout + result.stderr
        answer = json.loads(result.stdout)
        return int(answer["badSequence"]), answer["problem"]

    for number in (1, 2, 5):
        deleted = lines[:number] + lines[number + 1:]
        assert bad(deleted) == (number, "missing")
        altered = list(lines)
        altered[number] = altered[number].replace('"kind":"', '"kind":"x')
        assert bad(altered) == (number, "altered")
        swapped = list(lines)
        swapped[number], swapped[number + 1] = swapped[number + 1], swapped[number]
        assert bad(swapped) == (number, "missing")
        inserted = lines[:number + 1] + [lines[number]] + lines[number + 1:]
        assert bad(inserted) == (number + 1, "out_of_place")
        assert bad(lines[:number]) == (number, "truncated")
        assert bad(lines[:number] + ["x" * 100_000] + lines[number:]) == (number, "altered")
        assert bad(lines[:number] + ["{}", "\0", ""] + lines[number:]) == (number, "altered")
    # Cut with a right end written behind: only what was kept elsewhere tells.
    event = json.loads(lines[4])
    import base64
    end = json.dumps({"end": "4", "digest": base64.b64decode(event["digest"]).hex()}).replace('{"end": ', '{"end":')
    cut = lines[:5] + [end]
    path.write_text("".join(line + "\n" for line in cut))
    assert server.command("audit", "verify", "--file", str(path)).returncode == 0
    assert bad(cut, "--anchor", anchor) == (5, "truncated")
    for broken in (b"", b"\n", b"{}\n", b"\xff" * 100, b'{"format":"gatehouse audit 1","after":"x"}\n'):
        path.write_bytes(broken)
        result = server.command("audit", "verify", "--file", str(path), check=False)
        assert result.returncode == 1 and "no export" in result.stderr


def test_what_is_done_to_the_stored_trail_is_named(own_server):
    with Connection(own_server) as connection:
        for _ in range(8):
            user = make_user(connection)
        sealed_about(connection, user)
        anchor = own_server.command("audit", "head").stdout.strip()
        own_server.query("DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_seals WHERE sequence = 5)")
        result = own_server.command("audit", "verify", "--json", check=False)
        assert result.returncode == 2
        assert json.loads(result.stdout) | {"digest": ""} == {
            "checked": "4", "digest": "", "badSequence": "5", "problem": "missing"}
        assert "Event 5 is missing" in own_server.command("audit", "verify", check=False).stdout
        own_server.query("DELETE FROM audit_seals WHERE sequence > 3")
        result = own_server.command("audit", "verify", "--anchor", anchor, "--json", check=False)
        assert result.returncode == 2 and json.loads(result.stdout)["badSequence"] in ("4", "5")


def test_following_on_the_command_line_survives_a_restart(own_server):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GATEHOUSE_")}
    environment |= {"GATEHOUSE_TOKEN": own_server.token, "GATEHOUSE_DATA_DIRECTORY": str(own_server.directory)}
    process = subprocess.Popen([BINARY, "audit", "watch", "--after", "0", "--json"], stdout=subprocess.PIPE, text=True,
                               env=environment)
    try:
        numbers = [int(json.loads(process.stdout.readline())["sequence"])]
        own_server.kill()
        own_server.start()
        with Connection(own_server) as connection:
            user = make_user(connection)
        while True:
            event = json.loads(process.stdout.readline())
            numbers.append(int(event["sequence"]))
            if event.get("subjectUserId") == user:
                break
        assert numbers == list(range(1, len(numbers) + 1))
    finally:
        process.kill()
        process.wait()
