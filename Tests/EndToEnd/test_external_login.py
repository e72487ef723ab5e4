"""Signing in with a provider that lies in every way it can (SECURITY 1.9)."""

import time
import urllib.parse

import pytest

from hostile_provider import HostileProvider
from rpc import RpcError, external_login_pb2, provider_pb2, session_pb2
from server import Server

BACK = "https://app.example/back"


@pytest.fixture(scope="module")
def provider(room):
    provider = HostileProvider()
    yield provider
    provider.close()


@pytest.fixture(scope="module")
def server(room, provider):
    options = ["--providers-development-hosts", provider.url.removeprefix("http://"), "--providers-timeout", "2s"]
    server = Server(options=options).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def registered(server, provider):
    """The provider's name here."""
    from rpc import Connection

    with Connection(server) as connection:
        return register(connection, provider, "hostile")


@pytest.fixture(autouse=True)
def honest(provider):
    provider.reset()


def register(connection, provider, name, **more):
    settings = provider_pb2.ProviderSettings(issuer=provider.url, client_id="client", algorithms=["RS256", "ES256"],
                                             redirect_uris=[BACK], trusted_domains=["example.com"], **more)
    request = provider_pb2.CreateProviderRequest(name=name, settings=settings, client_secret=b"the-client-secret", enabled=True)
    request.settings_mask.paths.extend(["issuer", "client_id", "algorithms", "redirect_uris", "trusted_domains", *more])
    return connection.call("ProviderService/CreateProvider", request).provider.name


def begin(connection, name, **fields):
    request = external_login_pb2.BeginExternalRequest(provider=name, redirect_uri=BACK, **fields)
    return connection.call("ExternalLoginService/BeginExternal", request)


def sent(started):
    return {k: v[0] for k, v in urllib.parse.parse_qs(urllib.parse.urlsplit(started.authorization_url).query).items()}


def finish(connection, name, started, state=None, code=b"code", **fields):
    request = external_login_pb2.FinishExternalRequest(provider=name, flow_token=started.flow_token,
                                                       state=state or sent(started)["state"], code=code, **fields)
    return connection.call("ExternalLoginService/FinishExternal", request)


def come_back(connection, provider, name, **fields):
    started = begin(connection, name)
    provider.nonce, provider.challenge = sent(started)["nonce"], sent(started)["code_challenge"]
    return finish(connection, name, started, **fields)


def test_an_honest_answer_signs_in_and_the_code_is_bound_to_us(connection, provider, registered):
    started = begin(connection, registered)
    query = sent(started)
    assert query["code_challenge_method"] == "S256" and query["response_type"] == "code" and query["redirect_uri"] == BACK
    assert len(query["state"]) >= 43 and len(query["nonce"]) >= 43
    provider.nonce, provider.challenge = query["nonce"], query["code_challenge"]
    signed_in = finish(connection, registered, started).signed_in
    assert signed_in.new_user and list(signed_in.session.authentication_methods) == ["external"]
    validated = connection.call("SessionService/ValidateSession",
                                session_pb2.ValidateSessionRequest(session_token=signed_in.session_token))
    logins = connection.call("ExternalLoginService/ListExternalLogins",
                             external_login_pb2.ListExternalLoginsRequest(user_id=validated.session.user_id)).logins
    assert [(login.provider, login.subject) for login in logins] == [("hostile", "somebody")]
    # A second callback with the same state is nobody's.
    assert finish(connection, registered, started).refused == "over"
    provider.algorithm = "ES256"
    assert not come_back(connection, provider, registered).signed_in.new_user


CLAIMS = {
    "another issuer": {"iss": "https://evil.example"}, "no issuer": {"iss": None}, "a list as issuer": {"iss": ["x"]},
    "another audience": {"aud": "other"}, "no audience": {"aud": []}, "an object as audience": {"aud": {"client": 1}},
    "two audiences": {"aud": ["client", "other"]}, "another party": {"azp": "other"},
    "no nonce": {"nonce": None}, "another nonce": {"nonce": "x"}, "no subject": {"sub": None}, "an empty subject": {"sub": ""},
    "zero as subject": {"sub": 0}, "a long subject": {"sub": "a" * 256}, "no expiry": {"exp": None}, "expired": {"exp": 1},
    "a text as expiry": {"exp": "9999999999"}, "a negative expiry": {"exp": -1}, "no time of issue": {"iat": None},
    "issued long ago": {"iat": 1}, "issued in the future": {"iat": 9999999999}, "not yet valid": {"nbf": 9999999999},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "another code": {"c_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS.keys())
def test_a_bent_claim_is_refused(connection, provider, registered, claims):
    provider.claims = claims
    assert come_back(connection, provider, registered).refused == "failed"


HEADERS = {
    "none": {"alg": "none"}, "None": {"alg": "None"}, "nOnE": {"alg": "nOnE"}, "another kind": {"alg": "ES384"},
    "a path": {"kid": "../../dev/null"}, "SQL": {"kid": "k1' UNION SELECT 1 --"}, "critical": {"crit": ["exp"], "exp": 1},
    "an access token": {"typ": "at+jwt"}, "a logout token": {"typ": "logout+jwt"}, "unencoded": {"b64": False},
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_a_bent_header_is_refused(connection, provider, registered, header):
    provider.header = header
    assert come_back(connection, provider, registered).refused == "failed"


def test_a_public_key_is_no_shared_secret(connection, provider, registered):
    for secret in provider.public_texts():
        provider.keyed(secret)
        assert come_back(connection, provider, registered).refused == "failed"


def test_a_key_in_the_token_is_nobodys(connection, provider, registered):
    stranger = HostileProvider()
    provider.signature = stranger.sign
    for header in [{"jwk": stranger.keys()["keys"][0]}, {"jku": stranger.url + "/keys"}, {"x5u": stranger.url + "/keys"},
                   {"x5c": ["MIIB"]}]:
        provider.header = header
        assert come_back(connection, provider, registered).refused == "failed"
    assert stranger.requests == []
    stranger.close()


@pytest.mark.parametrize("signature", [b"", b"\0" * 64, b"\0" * 256, b"\xff" * 256])
def test_a_bent_signature_is_refused(connection, provider, registered, signature):
    for provider.algorithm in ["RS256", "ES256"]:
        provider.signature = lambda signed: signature
        assert come_back(connection, provider, registered).refused == "failed"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d.e", '{"payload":"x","signatures":[]}', "x" * 40000])
def test_what_is_no_signed_token_is_refused(connection, provider, registered, token):
    provider.raw_token = token
    assert come_back(connection, provider, registered).refused == "failed"


def test_a_member_that_is_there_twice_is_refused(connection, provider, registered):
    started = begin(connection, registered)
    provider.nonce, provider.challenge = sent(started)["nonce"], sent(started)["code_challenge"]
    now = int(time.time())
    provider.raw_token = provider.make(
        {"alg": "RS256", "kid": "k1"},
        f'{{"iss":"{provider.url}","aud":"evil","aud":"client","sub":"x","nonce":"{provider.nonce}","iat":{now},'
        f'"exp":{now + 300}}}')
    assert finish(connection, registered, started).refused == "failed"


def test_what_the_browser_brings_must_be_its_own(connection, provider, registered):
    first, second = begin(connection, registered), begin(connection, registered)
    assert finish(connection, registered, first, state=sent(second)["state"]).refused == "over"
    assert finish(connection, registered, first, state="ghx_" + "a" * 49).refused == "over"
    assert finish(connection, registered, first, code=b"", error="access_denied").refused == "denied"
    assert finish(connection, registered, second, issuer="https://evil.example").refused == "failed"
    with pytest.raises(RpcError) as refused:
        connection.call("ExternalLoginService/BeginExternal", external_login_pb2.BeginExternalRequest(
            provider=registered, redirect_uri="https://evil.example/back"))
    assert refused.value.code == "INVALID_ARGUMENT"


DOCUMENTS = {
    "a slash more": lambda p: {"issuer": p.url + "/"}, "another issuer": lambda p: {"issuer": "https://evil.example"},
    "no issuer": lambda p: {"issuer": None}, "no token endpoint": lambda p: {"token_endpoint": None},
    "a token endpoint elsewhere": lambda p: {"token_endpoint": "https://evil.example/token"},
    "metadata of the cloud": lambda p: {"jwks_uri": "http://169.254.169.254/latest/meta-data"},
    "a file": lambda p: {"jwks_uri": "file:///etc/passwd"}, "no code flow": lambda p: {"response_types_supported": ["id_token"]},
    "plain challenges": lambda p: {"code_challenge_methods_supported": ["plain"]},
    "shared secrets": lambda p: {"id_token_signing_alg_values_supported": ["HS256"]},
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_bent_document_is_refused_and_explained(connection, provider, server, registered, document):
    name = f"d{time.monotonic_ns()}"
    register(connection, provider, name)
    provider.document = document(provider)
    with pytest.raises(RpcError) as refused:
        begin(connection, name)
    assert (refused.value.code, refused.value.reason) == ("UNAVAILABLE", "providers.unavailable")
    told = server.command("provider", "test", name).stdout
    assert "wrong" in told and "discovery document" in told and "Nobody can sign in" in told


def test_a_provider_that_redirects_is_huge_drips_or_fails_is_given_up(connection, provider, registered):
    ways = [provider.redirecting(provider.url + "/elsewhere"), provider.redirecting("http://169.254.169.254/"), provider.huge,
            provider.dripping, lambda handler: provider.send(handler, {}, 503)]
    for way in ways:
        name = f"w{time.monotonic_ns()}"
        register(connection, provider, name)
        provider.instead = {"/.well-known/openid-configuration": way}
        before = time.monotonic()
        with pytest.raises(RpcError) as refused:
            begin(connection, name)
        assert refused.value.code == "UNAVAILABLE" and time.monotonic() - before < 10
    assert not [path for path, *_ in provider.requests if path == "/elsewhere"]
    provider.instead = {"/token": provider.dripping}
    assert come_back(connection, provider, registered).refused == "unavailable"


def test_invented_keys_make_us_ask_no_more_than_once(connection, provider, registered):
    come_back(connection, provider, registered)
    provider.requests.clear()
    for index in range(30):
        provider.header = {"kid": f"invented-{index}"}
        assert come_back(connection, provider, registered).refused == "failed"
    assert len([path for path, *_ in provider.requests if path == "/keys"]) <= 1


def test_nothing_secret_is_stored_or_logged(connection, provider, server, registered):
    come_back(connection, provider, registered)
    dump = server.query("SELECT HEX(secret), settings FROM external_providers") + server.query("SELECT * FROM external_flows")
    for text in [dump, server.log()]:
        assert "the-client-secret" not in text and b"the-client-secret".hex().upper() not in text
    secret = [headers["Authorization"] for path, headers, _ in provider.requests if path == "/token"]
    assert secret and all(value.removeprefix("Basic ") not in server.log() for value in secret)
    assert "code_verifier" not in server.log() and "id_token" not in server.log()


@pytest.mark.parametrize("address", ["https://169.254.169.254", "https://[::ffff:127.0.0.1]", "https://127.0.0.1",
                                     "https://localhost"])
def test_a_provider_in_a_private_network_is_never_asked(connection, provider, address):
    name = f"p{time.monotonic_ns()}"
    settings = provider_pb2.ProviderSettings(issuer=address, client_id="client")
    request = provider_pb2.CreateProviderRequest(name=name, settings=settings, client_secret=b"x", enabled=True)
    request.settings_mask.paths.extend(["issuer", "client_id"])
    made = connection.call("ProviderService/CreateProvider", request).provider
    findings = connection.call("ProviderService/TestProvider", provider_pb2.TestProviderRequest(provider_id=made.id))
    assert not findings.good and any("private network" in finding.sentence for finding in findings.findings)
