"""Who has which roles and who is in which groups, by a client that is not ours and by command (PRODUCT section 4)."""

import datetime
import json

import pytest

from rpc import Connection, RpcError, claim_pb2, group_pb2, membership_pb2, role_pb2, service_account_pb2, user_pb2


@pytest.fixture(scope="module")
def connection(server):
    with Connection(server) as connection:
        yield connection


@pytest.fixture
def names(request):
    """Names that no other test of this module takes: tests share the server, in any order."""
    return lambda text: f"{text} of {request.node.name}"


def make(connection, noun, name):
    messages = {"Role": role_pb2, "Group": group_pb2}[noun]
    made = connection.call(f"{noun}Service/Create{noun}", getattr(messages, f"Create{noun}Request")(name=name))
    return getattr(made, noun.lower()).id


def make_user(connection):
    return connection.call("UserService/CreateUser", user_pb2.CreateUserRequest()).user.id


def ask(connection, method, **fields):
    return connection.call(f"MembershipService/{method}", getattr(membership_pb2, f"{method}Request")(**fields))


def in_seconds(seconds):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)


def test_every_method(connection, names):
    role, company, staff = (make(connection, noun, names(name)) for noun, name in
                            [("Role", "editor"), ("Group", "company"), ("Group", "staff")])
    user = make_user(connection)
    ask(connection, "AddSubgroup", parent_id=company, child_id=staff)
    with pytest.raises(RpcError) as refused:
        ask(connection, "AddSubgroup", parent_id=staff, child_id=company)
    assert (refused.value.code, refused.value.reason) == ("FAILED_PRECONDITION", "groups.cycle")
    end = in_seconds(3600)
    given = ask(connection, "AddMember", group_id=staff, user_id=user, expire_time=end).assignment
    assert given.assigner_kind == membership_pb2.ASSIGNER_KIND_SERVICE_ACCOUNT and given.assigner_id
    ask(connection, "AddRole", role_id=role, group_id=company, may_grant=True)
    assert ask(connection, "AddRole", role_id=role, group_id=company, may_grant=True).assignment.may_grant
    assert ask(connection, "HoldsRole", user_id=user, role_id=role).holds
    (held,) = ask(connection, "ListUserRoles", user_id=user, effective=True).roles
    assert (held.role_id, held.direct, held.may_grant) == (role, False, True)
    assert held.expire_time.ToMicroseconds() == int(end.timestamp() * 1_000_000)
    assert not ask(connection, "ListUserRoles", user_id=user).roles
    assert list(ask(connection, "ListUserGroups", user_id=user).group_ids) == [staff]
    assert set(ask(connection, "ListUserGroups", user_id=user, effective=True).group_ids) == {staff, company}
    (path,) = ask(connection, "ExplainRole", user_id=user, role_id=role).paths
    assert list(path.group_ids) == [staff, company] and path.HasField("expire_time")
    assert not ask(connection, "ListGroupMembers", group_id=company).members
    (member,) = ask(connection, "ListGroupMembers", group_id=company, effective=True).members
    assert (member.user_id, member.group_id) == (user, staff)
    (holder,) = ask(connection, "ListRoleHolders", role_id=role, effective=True).holders
    assert (holder.user_id, holder.group_id, holder.HasField("assignment")) == (user, staff, False)
    assert [given.role_id for given in ask(connection, "ListGroupRoles", group_id=staff, effective=True).roles] == [role]
    assert not ask(connection, "ListGroupRoles", group_id=staff).roles
    assert list(ask(connection, "ListSubgroups", group_id=company).group_ids) == [staff]
    assert list(ask(connection, "ListParentGroups", group_id=staff, effective=True).group_ids) == [company]
    other = make(connection, "Group", names("other"))
    ask(connection, "MoveSubgroup", child_id=staff, old_parent_id=company, new_parent_id=other)
    assert not ask(connection, "HoldsRole", user_id=user, role_id=role).holds
    ask(connection, "RemoveSubgroup", parent_id=other, child_id=staff)
    ask(connection, "AddRole", role_id=role, user_id=user)
    claims = connection.call("ClaimService/GetClaims", claim_pb2.GetClaimsRequest(user_id=user, scopes=["roles", "groups"]))
    told = {claim.name: json.loads(claim.json) for claim in claims.claims}
    assert told == {"sub": user, "roles": [names("editor")], "groups": [names("staff")]}
    ask(connection, "RemoveRole", role_id=role, user_id=user)
    ask(connection, "RemoveMember", group_id=staff, user_id=user)
    assert not ask(connection, "ListUserGroups", user_id=user, effective=True).group_ids


def test_pages_tell_everybody_once(connection, names):
    company, staff = make(connection, "Group", names("company")), make(connection, "Group", names("staff"))
    ask(connection, "AddSubgroup", parent_id=company, child_id=staff)
    users = [make_user(connection) for _ in range(7)]
    for number, user in enumerate(users):
        for group in [company, staff][: 1 + number % 2]:
            ask(connection, "AddMember", group_id=group, user_id=user)
    found, token = [], ""
    while True:
        page = ask(connection, "ListGroupMembers", group_id=company, effective=True, page_size=2, page_token=token)
        found += [member.user_id for member in page.members]
        token = page.next_page_token
        if not token:
            break
        with pytest.raises(RpcError) as refused:
            ask(connection, "ListGroupMembers", group_id=staff, effective=True, page_size=2, page_token=token)
        assert refused.value.reason == "page.token_invalid"
    assert found == sorted(users)


def test_a_service_account_gives_only_what_it_was_given(server, connection, names):
    clerk, admin = make(connection, "Role", names("clerk")), make(connection, "Role", names("admin"))
    boss, staff = make_user(connection), make_user(connection)
    ask(connection, "AddRole", role_id=admin, user_id=boss)
    account = connection.call("ServiceAccountService/CreateServiceAccount", service_account_pb2.CreateServiceAccountRequest(
        name=names("desk"), scopes=["membership.*", "users.*", "sessions.*"])).service_account.id
    token = connection.call("ServiceAccountService/CreateServiceToken",
                            service_account_pb2.CreateServiceTokenRequest(service_account_id=account)).secret.decode()
    ask(connection, "AddRole", role_id=clerk, service_account_id=account)
    assert [held.role_id for held in
            ask(connection, "ListServiceAccountRoles", service_account_id=account).roles] == [clerk]
    with Connection(server, token=token) as desk:
        ask(desk, "AddRole", role_id=clerk, user_id=staff)
        for act in [lambda: ask(desk, "AddRole", role_id=admin, user_id=staff),
                    lambda: ask(desk, "AddRole", role_id=clerk, user_id=boss),
                    lambda: ask(desk, "RemoveRole", role_id=admin, user_id=boss),
                    lambda: desk.call("UserService/DisableUser", user_pb2.DisableUserRequest(user_id=boss)),
                    lambda: desk.call("UserService/DeleteUser", user_pb2.DeleteUserRequest(user_id=boss))]:
            with pytest.raises(RpcError) as refused:
                act()
            assert (refused.value.code, refused.value.reason) == ("PERMISSION_DENIED", "membership.authority_missing")


def test_the_commands(server, connection, names):
    user = make_user(connection)
    role, company, staff = names("Editor"), names("Company"), names("Staff")
    assert "passkey" in server.command("role", "create", role, "--demand", "passkey", "--description", "edits").stdout
    server.command("role", "update", role.upper(), "--demand", "nothing")
    for group in (company, staff):
        assert group in server.command("group", "create", group).stdout
    assert server.command("group", "nest", staff, company).stdout == "Nested.\n"
    assert server.command("role", "check", role, user, check=False).returncode == 3
    given = server.command("role", "give", role, "--group", company, "--until", "2100-01-01T00:00:00Z", "--may-grant").stdout
    assert given == "Given until 2100-01-01T00:00:00Z, to be passed on.\n"
    assert server.command("group", "add", staff, user).stdout == "Given for good.\n"
    assert server.command("role", "check", role, user).stdout == "yes\n"
    why = server.command("role", "why", role, user).stdout
    assert why == f"through {staff} in {company}, until 2100-01-01T00:00:00Z\n"
    assert role in server.command("user", "roles", user, "--effective").stdout
    assert server.command("user", "roles", user).stdout == "None.\n"
    assert company in server.command("user", "groups", user, "--effective").stdout
    assert user in server.command("group", "members", company, "--effective").stdout
    assert user in server.command("role", "holders", role, "--effective").stdout
    assert role in server.command("group", "roles", staff, "--effective").stdout
    assert staff in server.command("group", "subgroups", company).stdout
    assert company in server.command("group", "parents", staff).stdout
    listed = server.command("role", "list", "--prefix", role.lower()).stdout
    assert role in listed and "edits" in listed
    assert server.command("group", "remove", staff, user).stdout == "Removed.\n"
    assert server.command("role", "why", role, user).stdout == "The user does not have the role.\n"
    assert server.command("group", "unnest", staff, company).stdout == "Taken out.\n"
    assert server.command("role", "take", role, "--group", company).stdout == "Taken.\n"
    assert "Deleted" in server.command("group", "delete", staff).stdout
    refused = server.command("role", "show", names("nobody"), check=False)
    assert refused.returncode == 1 and "Not found" in refused.stderr
    refused = server.command("role", "give", role, "--user", user, "--group", company, check=False)
    assert refused.returncode == 64 and "exactly one" in refused.stderr
