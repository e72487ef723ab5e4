"""Lists of users by filter, sort and mask, over RPC and by command (PRODUCT section 3)."""

import json
import uuid

import pytest
from google.protobuf import field_mask_pb2

from rpc import (Connection, RpcError, group_pb2, membership_pb2, profile_pb2, role_pb2, service_account_pb2,
                 user_pb2)

MINE = f"m{uuid.uuid4().hex[:12]}"
NAMES = ["Ada Lovelace", "Adam Smith", "Grace Hopper", "Ödön Horváth", "100% _real_"]


@pytest.fixture(scope="module")
def connection(server):
    with Connection(server) as connection:
        yield connection


@pytest.fixture(scope="module")
def people(connection):
    """Five people of this process's own: all have an external id that begins with MINE."""
    ids = []
    for number, name in enumerate(NAMES):
        identifier = user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value=f"{MINE}{number}@example.com")
        user = connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(
            external_id=f"{MINE}-{number}", identifiers=[identifier])).user.id
        value = profile_pb2.AttributeValue(path="name", json=json.dumps(name))
        connection.call("ProfileService/UpdateProfile", profile_pb2.UpdateProfileRequest(user_id=user, values=[value]))
        ids.append(user)
    connection.call("UserService/DisableUser", user_pb2.DisableUserRequest(user_id=ids[2], reason="gone"))
    return ids


def pages(connection, filter, size=2, **fields):
    """All users of a list, page by page."""
    users, token = [], ""
    for _ in range(100):
        page = connection.call("UserService/ListUsers", user_pb2.ListUsersRequest(
            filter=filter, page_size=size, page_token=token, **fields))
        assert len(page.users) <= size
        users += page.users
        token = page.next_page_token
        if not token:
            return users
    raise AssertionError(f"{filter} has no end")


def found(connection, people, filter, **fields):
    return [people.index(user.id) for user in pages(connection, filter, **fields)]


@pytest.mark.parametrize("filter, wanted", [
    ('name sw "ada"', [0, 1]), ('name eq "GRACE HOPPER"', [2]), ('name co "LACE"', [0]), ('name ew "hopper"', [2]),
    ('name gt "b" and name lt "h"', [2]), ('not (name sw "ada")', [2, 3, 4]), ('name ne "adam smith" and name pr', [0, 2, 3, 4]),
    ('name co "ödö"', [3]), ('name co "%"', [4]), ('name co "_"', [4]), ('name co "%a"', []),
    ('state eq "disabled"', [2]), ('state ne "active"', [2]), ('state eq "active"', [0, 1, 3, 4]),
    ('(name sw "grace" or name sw "ödön") and state eq "active"', [3]), ('email ew "3@EXAMPLE.com"', [3]),
    ('create_time ge "2020-01-01T00:00:00Z"', [0, 1, 2, 3, 4]), ('create_time lt "2020-01-01T00:00:00+01:00"', []),
    ("name eq null", []), ('roles eq "nobody has it"', []),
])
def test_a_filter_finds_what_it_says(connection, people, filter, wanted):
    assert sorted(found(connection, people, f'external_id sw "{MINE}-" and ({filter})')) == wanted


def test_a_part_of_a_text_and_who_has_what_are_served_by_themselves(connection, people):
    assert found(connection, people, f'external_id co "{MINE[1:]}-"') == [0, 1, 2, 3, 4]
    assert found(connection, people, f'email co "{MINE[2:]}3@exam"') == [3]
    assert found(connection, people, f'email ew "{MINE[2:]}3@example.com"') == [3]
    assert found(connection, people, f'external_id co "{MINE[1:]}" and name co "lace"') == [0]
    assert found(connection, people, f'external_id co "{MINE[1:]}" and not (name co "Ada")') == [2, 3, 4]
    role = connection.call("RoleService/CreateRole", role_pb2.CreateRoleRequest(name=f"{MINE} role")).role.id
    top, low = (connection.call("GroupService/CreateGroup", group_pb2.CreateGroupRequest(name=f"{MINE} {name}")).group.id
                for name in ("top", "low"))

    def ask(method, **fields):
        return connection.call(f"MembershipService/{method}", getattr(membership_pb2, f"{method}Request")(**fields))

    ask("AddSubgroup", parent_id=top, child_id=low)
    ask("AddRole", role_id=role, group_id=top)
    ask("AddRole", role_id=role, user_id=people[4])
    for number in (3, 1):
        ask("AddMember", group_id=low, user_id=people[number])
    for filter, wanted in [
        (f'roles eq "{MINE} ROLE"', [1, 3, 4]), (f'roles.direct eq "{role}"', [4]), (f'groups eq "{MINE} top"', [1, 3]),
        (f'groups.direct eq "{MINE} top"', []), (f'groups.direct eq "{low}"', [1, 3]),
        (f'roles eq "{MINE} role" and name sw "adam"', [1]), (f'roles eq "{MINE} role" and roles.direct ne "{role}"', [1, 3]),
        (f'roles eq "{MINE} role" or external_id eq "{MINE}-0"', [1, 3, 4, 0]), ('groups eq "there is none"', []),
    ]:
        assert found(connection, people, filter) == wanted, filter


def test_a_list_is_sorted_and_masked(connection, people):
    filter = f'external_id sw "{MINE}-" and name pr'
    assert found(connection, people, filter, sort="name") == [4, 0, 1, 2, 3]
    assert found(connection, people, filter, sort="name desc") == [3, 2, 1, 0, 4]
    assert found(connection, people, filter, sort="external_id desc") == [4, 3, 2, 1, 0]
    mask = field_mask_pb2.FieldMask(paths=["external_id", "state"])
    users = pages(connection, filter, sort="external_id", read_mask=mask)
    assert [user.external_id for user in users] == [f"{MINE}-{number}" for number in range(5)]
    assert {field.name for field, _ in users[0].ListFields()} == {"id", "state", "external_id"}
    with pytest.raises(RpcError) as refused:
        pages(connection, filter, read_mask=field_mask_pb2.FieldMask(paths=["password"]))
    assert refused.value.code == "INVALID_ARGUMENT" and refused.value.violations[0].field == "read_mask"


@pytest.mark.parametrize("filter, sort, field, named", [
    ('name co "xy"', "", "filter", "`name`"), ('name ew "x"', "", "filter", "`name`"), ("roles pr", "", "filter", "`roles`"),
    ('roles ne "x"', "", "filter", "`roles`"), ('roles co "xyz"', "", "filter", "`roles`"), ('groups.x eq "y"', "", "filter", "groups.x"),
    ('groups eq 1', "", "filter", "`groups`"), ("", "roles", "sort", "`roles`"),
    ('name ne "x"', "", "filter", "`name`"),
    ('not (email sw "x")', "", "filter", "`email`"), ("middle_name pr", "", "filter", "`middle_name`"),
    ("state pr", "", "filter", "`state`"), ('name eq 1', "", "filter", "`name`"), ("name eq", "", "filter", "byte 7"),
    ('email sw "x"', "name", "sort", "`name`"), ("", "state", "sort", "`state`"), ("", "name; DROP TABLE users", "sort", "sort"),
    ("'; DROP TABLE users; --", "", "filter", "byte"), ("(" * 4000, "", "filter", "levels"),
])
def test_what_no_index_serves_is_refused_by_name(connection, filter, sort, field, named):
    with pytest.raises(RpcError) as refused:
        pages(connection, filter, sort=sort)
    assert refused.value.code == "INVALID_ARGUMENT"
    assert refused.value.violations[0].field == field
    assert named in refused.value.violations[0].description


def test_a_filter_has_a_length(connection):
    with pytest.raises(RpcError) as refused:
        pages(connection, f'name eq "{"x" * 4000}"')
    assert refused.value.code == "INVALID_ARGUMENT"


def test_a_token_belongs_to_its_filter(connection, people):
    request = user_pb2.ListUsersRequest(filter=f'external_id sw "{MINE}-"', page_size=2)
    request.page_token = connection.call("UserService/ListUsers", request).next_page_token
    assert len(connection.call("UserService/ListUsers", request).users) == 2
    for change in ({"filter": f'external_id sw "{MINE}"'}, {"filter": ""}, {"sort": "external_id"},
                   {"state": user_pb2.USER_STATE_ACTIVE}, {"page_token": request.page_token[:-1]}, {"page_token": "A" * 1200}):
        bent = user_pb2.ListUsersRequest()
        bent.CopyFrom(request)
        for name, value in change.items():
            setattr(bent, name, value)
        with pytest.raises(RpcError) as refused:
            connection.call("UserService/ListUsers", bent)
        assert refused.value.code == "INVALID_ARGUMENT" and refused.value.violations[0].field == "page_token"


def test_profiles_are_searched_with_the_right_to_read_them(server, connection, people):
    account = connection.call("ServiceAccountService/CreateServiceAccount", service_account_pb2.CreateServiceAccountRequest(
        name=f"reader {uuid.uuid4()}", scopes=["users.read"])).service_account
    token = connection.call("ServiceAccountService/CreateServiceToken", service_account_pb2.CreateServiceTokenRequest(
        service_account_id=account.id)).secret.decode()
    with Connection(server, token) as reader:
        assert found(reader, people, f'external_id eq "{MINE}-1"') == [1]
        for filter in ('name sw "ada"', f'external_id eq "{MINE}-1" and name pr', "nothing pr", 'name co "ada"', 'roles eq "x"',
                       f'external_id eq "{MINE}-1" and not (groups.direct pr)'):
            with pytest.raises(RpcError) as refused:
                pages(reader, filter)
            assert refused.value.code == "PERMISSION_DENIED"


def test_the_command_lists_by_filter(server, people):
    listed = server.command("user", "list", "--filter", f'external_id sw "{MINE}-" and name pr', "--sort", "name desc",
                            "--fields", "external_id,identifiers").stdout.splitlines()
    assert listed[0].split() == ["ID", "EXTERNAL_ID", "IDENTIFIERS"]
    assert [line.split()[1:] for line in listed[1:] if MINE in line] == [
        [f"{MINE}-{number}", f"{MINE}{number}@example.com"] for number in (3, 2, 1, 0, 4)]
    refused = server.command("user", "list", "--filter", 'name co "x"', check=False)
    assert refused.returncode != 0 and "`name`" in refused.stderr
