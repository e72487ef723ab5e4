"""Profiles and their schema over RPC and by command (PRODUCT section 3)."""

import json

import pytest

from rpc import Connection, RpcError, profile_pb2, user_pb2


@pytest.fixture(scope="module")
def connection(server):
    with Connection(server) as connection:
        yield connection


@pytest.fixture(scope="module", autouse=True)
def schema(connection):
    """The attributes that all these tests work with, whichever runs first."""
    return change(connection, add_standard=["address", "birthdate"], put=[
        profile_pb2.Attribute(path="staff_number", kind=profile_pb2.ATTRIBUTE_KIND_STRING, unique=True),
        profile_pb2.Attribute(path="height", kind=profile_pb2.ATTRIBUTE_KIND_DECIMAL,
                              rules=profile_pb2.AttributeRules(minimum="0", maximum="2.5")),
        profile_pb2.Attribute(path="languages", kind=profile_pb2.ATTRIBUTE_KIND_STRING, multi=True),
    ]).schema


def make_user(connection):
    return connection.call("UserService/CreateUser", user_pb2.CreateUserRequest()).user.id


def update(connection, user, **values):
    written = [profile_pb2.AttributeValue(path=path.replace("__", "."), json=json.dumps(value)) for path, value in values.items()]
    return connection.call("ProfileService/UpdateProfile", profile_pb2.UpdateProfileRequest(user_id=user, values=written)).profile


def values(profile):
    return {value.path: json.loads(value.json) for value in profile.values}


def change(connection, **fields):
    return connection.call("ProfileService/ChangeProfileSchema", profile_pb2.ChangeProfileSchemaRequest(**fields))


def test_a_profile_is_written_read_and_found(connection, schema):
    assert {"address.locality", "height", "name"} <= {attribute.path for attribute in schema.attributes}
    user = make_user(connection)
    update(connection, user, given_name="Ada", staff_number="A-1", height=1.65, languages=["en", "fr"],
           address={"locality": "London"})
    profile = update(connection, user, address__country="GB", given_name=None)
    assert values(profile) == {"staff_number": "A-1", "height": 1.65, "languages": ["en", "fr"],
                               "address": {"locality": "London", "country": "GB"}}
    assert profile.revision == 2 and profile.schema_version >= schema.version
    assert connection.call("ProfileService/GetProfile", profile_pb2.GetProfileRequest(user_id=user)).profile == profile
    wanted = profile_pb2.AttributeValue(path="staff_number", json='"a-1"')
    found = connection.call("ProfileService/FindUserByAttribute", profile_pb2.FindUserByAttributeRequest(attribute=wanted))
    assert found.user.id == user


def test_the_schema_is_read_by_whoever_may_and_by_people_as_far_as_it_concerns_them(connection, schema):
    read = connection.call("ProfileService/GetProfileSchema", profile_pb2.GetProfileSchemaRequest()).schema
    assert read.version >= schema.version
    assert {"staff_number", "height", "languages"} <= {attribute.path for attribute in read.attributes}
    unique = next(attribute for attribute in read.attributes if attribute.path == "staff_number")
    assert unique.unique and unique.kind == profile_pb2.ATTRIBUTE_KIND_STRING


def test_every_problem_names_its_attribute(connection):
    user = make_user(connection)
    with pytest.raises(RpcError) as refused:
        update(connection, user, height=3, languages="en", shoe_size=1, name=5)
    assert refused.value.code == "INVALID_ARGUMENT"
    assert {violation.field for violation in refused.value.violations} == {
        "profile.height", "profile.languages", "profile.shoe_size", "profile.name"}
    assert values(connection.call("ProfileService/GetProfile", profile_pb2.GetProfileRequest(user_id=user)).profile) == {}


def test_hostile_values_are_refused_and_do_no_harm(connection):
    user = make_user(connection)
    for text in ["{", "[1,]", '{"a":1,"a":2}', "[" * 5000, '"\\ud800"', "nul", '"a\\u0000b"', "1e999999999"]:
        with pytest.raises(RpcError) as refused:
            connection.call("ProfileService/UpdateProfile", profile_pb2.UpdateProfileRequest(
                user_id=user, values=[profile_pb2.AttributeValue(path="name", json=text)]))
        assert refused.value.code == "INVALID_ARGUMENT", text
    for path in ["", "é", "a b", "a..b", "name'; DROP TABLE profiles; --", "x" * 65]:
        with pytest.raises(RpcError) as refused:
            connection.call("ProfileService/UpdateProfile", profile_pb2.UpdateProfileRequest(
                user_id=user, values=[profile_pb2.AttributeValue(path=path, json="1")]))
        assert refused.value.code == "INVALID_ARGUMENT", path


def test_a_change_of_the_schema_is_tried_dry(connection):
    user = make_user(connection)
    update(connection, user, name="A name of some length")
    shorter = profile_pb2.Attribute(path="name", kind=profile_pb2.ATTRIBUTE_KIND_STRING, queryable=True,
                                    rules=profile_pb2.AttributeRules(maximum_length=5))
    answer = change(connection, put=[shorter], dry_run=True)
    assert not answer.HasField("schema")
    assert [(count.path, count.users) for count in answer.report.invalid_by_attribute] == [("name", 1)]
    with pytest.raises(RpcError) as refused:
        change(connection, put=[shorter], expected_version=99)
    assert refused.value.code == "ABORTED"


def test_the_commands_show_and_change_it(server, connection):
    user = make_user(connection)
    shown = server.command("profile", "set", user, "given_name=Grace", "family_name=Hopper", "languages=[\"en\"]").stdout
    assert "Grace" in shown and "Hopper" in shown
    assert '"Hopper"' in server.command("profile", "show", user).stdout
    assert '"given_name"' in server.command("profile", "show", user, "--json").stdout
    assert "given_name" not in server.command("profile", "set", user, "given_name=").stdout
    server.command("profile", "set", user, "staff_number=G-9")
    assert user in server.command("profile", "find", "staff_number=g-9").stdout
    schema = server.command("schema", "show").stdout
    assert "staff_number" in schema and "unique" in schema
    assert "shoe" in server.command("schema", "put", "-", stdin='[{"path":"shoe","kind":"ATTRIBUTE_KIND_INTEGER"}]').stdout
    assert "fit" in server.command("schema", "remove", "shoe", "--dry-run").stdout
    assert "shoe" not in server.command("schema", "remove", "shoe").stdout
    assert "nickname" in server.command("schema", "add", "nickname").stdout
    refused = server.command("profile", "set", user, "height=9", check=False)
    assert refused.returncode != 0 and "profile.height" in refused.stderr
    refused = server.command("schema", "add", "shoe_size", check=False)
    assert refused.returncode != 0 and "ready-made" in refused.stderr


def test_one_box_finds_a_person(server, connection):
    email = user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value="margaret@example.com")
    user = connection.call("UserService/CreateUser", user_pb2.CreateUserRequest(identifiers=[email])).user.id
    update(connection, user, name="Margaret Hamilton")
    for query in (user, "marg", "MARGARET H", "margaret@example.com"):
        found = connection.call("UserService/FindUsers", user_pb2.FindUsersRequest(query=query)).users
        assert [other.id for other in found] == [user], query
    assert user in server.command("user", "search", "margaret").stdout
    assert server.command("user", "search", "nobody at all").stdout == "None.\n"
    with pytest.raises(RpcError) as refused:
        connection.call("UserService/FindUsers", user_pb2.FindUsersRequest(query=""))
    assert refused.value.violations[0].field == "query"
