"""Roles and groups over the wire, by a client that is not ours."""

import json

import pytest

from rpc import RpcError, error_pb2, group_pb2, role_pb2, session_pb2
from server import Server


@pytest.fixture(scope="module")
def server():
    server = Server().start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


def refused(code, reason, connection, method, request):
    with pytest.raises(RpcError) as refusal:
        connection.call(method, request)
    assert (refusal.value.code, refusal.value.reason) == (code, reason)
    return refusal.value


@pytest.mark.parametrize("noun, messages", [("Role", role_pb2), ("Group", group_pb2)])
def test_every_method_of_both(connection, noun, messages):
    field = noun.lower()

    def request(verb, plural="", **values):
        return f"{noun}Service/{verb}{noun}{plural}", getattr(messages, f"{verb}{noun}{plural}Request")(**values)

    def item(answer):
        return getattr(answer, field)

    made = item(connection.call(*request("Create", name=" Editor ", description="edits",
                                         assurance_demand=session_pb2.ASSURANCE_DEMAND_PASSKEY)))
    assert (made.name, made.revision, made.assurance_demand) == ("Editor", 1, session_pb2.ASSURANCE_DEMAND_PASSKEY)
    chosen = {f"{field}_id": made.id}
    assert item(connection.call(*request("Get", **chosen))) == made
    assert item(connection.call(*request("Find", name="EDITOR"))) == made
    taken = refused("ALREADY_EXISTS", f"{field}s.name_taken", connection, *request("Create", name="editor"))
    assert "editor" not in str(taken).lower()
    for name in ["Edmund", "zoe", "anna"]:
        connection.call(*request("Create", name=name))
    found, token = [], ""
    while True:
        page = connection.call(*request("List", "s", page_size=1, page_token=token, name_prefix="ed"))
        found += [entry.name for entry in getattr(page, f"{field}s")]
        token = page.next_page_token
        if not token:
            break
    assert found == ["Editor", "Edmund"]
    down = connection.call(*request("List", "s", order_by="name desc"))
    assert [entry.name for entry in getattr(down, f"{field}s")] == ["zoe", "Edmund", "Editor", "anna"]
    for values in [{"order_by": "description"}, {"name_prefix": "e", "order_by": "create_time"}]:
        refusal = refused("INVALID_ARGUMENT", "field.invalid", connection, *request("List", "s", **values))
        assert [violation.field for violation in refusal.violations] == ["order_by"]
    changed = item(connection.call(*request("Update", description="", update_mask={"paths": ["description"]},
                                            expected_revision=1, **chosen)))
    assert (changed.name, changed.description, changed.revision) == ("Editor", "", 2)
    stale = refused("ABORTED", "resource.revision_conflict", connection,
                    *request("Delete", expected_revision=1, **chosen))
    assert stale.detail(error_pb2.RevisionConflict).current_revision == 2
    connection.call(*request("Delete", **chosen))
    for verb in ["Get", "Delete"]:
        refused("NOT_FOUND", "resource.not_found", connection, *request(verb, **chosen))


def test_by_command_in_json(server):
    made = json.loads(server.command("call", "RoleService/CreateRole", '{"name": "by command"}').stdout)["role"]
    listed = json.loads(server.command("call", "RoleService/ListRoles", '{"namePrefix": "BY"}').stdout)["roles"]
    assert [role["id"] for role in listed] == [made["id"]]
