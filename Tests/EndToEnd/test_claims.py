"""What a token issuer is told of users, by a client that is not ours (PRODUCT section 7)."""

import json

import pytest

from rpc import Connection, RpcError, claim_pb2, profile_pb2, user_pb2


@pytest.fixture(scope="module")
def connection(server):
    with Connection(server) as connection:
        yield connection


@pytest.fixture(scope="module", autouse=True)
def schema(connection):
    """The attributes that all these tests work with, whichever runs first."""
    put = [profile_pb2.Attribute(path="badge", kind=profile_pb2.ATTRIBUTE_KIND_DECIMAL, multi=True, claim_scopes=["staff"])]
    connection.call("ProfileService/ChangeProfileSchema",
                    profile_pb2.ChangeProfileSchemaRequest(add_standard=["address"], put=put))


@pytest.fixture
def user(connection):
    user = connection.call("UserService/CreateUser", user_pb2.CreateUserRequest()).user.id
    written = {"name": "Ada \u202e\"x\"", "badge": [1.50, 2], "address": {"locality": "London"}}
    values = [profile_pb2.AttributeValue(path=path, json=json.dumps(value)) for path, value in written.items()]
    connection.call("ProfileService/UpdateProfile", profile_pb2.UpdateProfileRequest(user_id=user, values=values))
    return user


def claims(connection, user, **fields):
    answer = connection.call("ClaimService/GetClaims", claim_pb2.GetClaimsRequest(user_id=user, **fields))
    assert [claim.name for claim in answer.claims] == sorted({claim.name for claim in answer.claims})
    return {claim.name: json.loads(claim.json) for claim in answer.claims}


def is_active(connection, user, **fields):
    return connection.call("ClaimService/IsActive", claim_pb2.IsActiveRequest(user_id=user, **fields))


def test_claims_by_scope_and_by_name(connection, user):
    assert claims(connection, user) == {"sub": user}
    assert claims(connection, user, scopes=["openid", "staff"]) == {"sub": user, "badge": [1.5, 2]}
    profile = claims(connection, user, scopes=["profile"], claims=["address"])
    assert profile.pop("updated_at") > 1_700_000_000
    assert profile == {"sub": user, "name": "Ada \u202e\"x\"", "address": {"locality": "London"}}


def test_whoever_is_not_active_has_no_claims(connection, user):
    assert is_active(connection, user).active
    other = is_active(connection, user, session_id=user)
    assert not other.active and other.activity == claim_pb2.ACTIVITY_SESSION_OVER
    with pytest.raises(RpcError) as refused:
        claims(connection, user, session_id=user)
    assert (refused.value.code, refused.value.reason) == ("FAILED_PRECONDITION", "claims.session_over")
    connection.call("UserService/DisableUser", user_pb2.DisableUserRequest(user_id=user, reason="left"))
    told = is_active(connection, user)
    assert not told.active and told.activity == claim_pb2.ACTIVITY_USER_DISABLED
    with pytest.raises(RpcError) as refused:
        claims(connection, user)
    assert (refused.value.code, refused.value.reason) == ("FAILED_PRECONDITION", "claims.user_inactive")


def test_bad_questions_name_their_field(connection, user):
    for fields, field in [({"scopes": ["a", "b c"]}, "scopes[1]"), ({"claims": [""]}, "claims[0]"),
                          ({"session_id": "x"}, "session_id")]:
        with pytest.raises(RpcError) as refused:
            claims(connection, user, **fields)
        assert refused.value.violations[0].field == field
    with pytest.raises(RpcError) as refused:
        claims(connection, "00000000-0000-7000-8000-000000000000")
    assert refused.value.code == "NOT_FOUND"
    unknown = is_active(connection, "00000000-0000-7000-8000-000000000000")
    assert unknown.activity == claim_pb2.ACTIVITY_USER_UNKNOWN


def test_the_command_shows_them(server, user):
    shown = server.command("user", "claims", user, "--scope", "staff", "--claim", "name").stdout
    assert "badge  [1.5,2]" in shown or "badge  [1.50,2]" in shown
    assert "\u202e" not in shown and user in shown
