"""Which models of authenticators are taken, by the word of FIDO metadata (SECURITY AF-10)."""

import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from attestations import maker, no_attestation, packed, packed_self
from authenticator import Authenticator
from metadata import Service, day, entry
from passkeys import Person, refusal
from rpc import Connection
from server import BINARY, Server, new_directory

ORIGIN = "https://login.example.org"
KNOWN, REVOKED, BYPASSED, FOREIGN, UNKNOWN = (bytes([number]) * 16 for number in range(1, 6))

service = Service()


def entries():
    root = maker("Packed").root
    return [entry(KNOWN, [root]), entry(REVOKED, [root], ["FIDO_CERTIFIED", "REVOKED", "UPDATE_AVAILABLE"]),
            entry(BYPASSED, [root], ["USER_VERIFICATION_BYPASS"]), entry(FOREIGN, [maker("Somebody").root])]


def options(directory, blob, root=None):
    """The options of a server with this issue, written into its directory."""
    blob_file, root_file = directory / "metadata.jwt", directory / "metadata-root.pem"
    blob_file.write_bytes(blob)
    root_file.write_bytes(root or service.root)
    return ["--site-url", ORIGIN, "--passkeys-metadata-file", str(blob_file), "--passkeys-metadata-ca-file",
            str(root_file)]


STRICT = ["--passkeys-attestation", "direct", "--passkeys-require-trusted-attestation", "true"]


@pytest.fixture(scope="module", params=[[], STRICT], ids=["lenient", "strict"])
def policy(request):
    return request.param


@pytest.fixture(scope="module")
def server(policy):
    directory = new_directory()
    server = Server(directory, options=options(directory, service.issue(7, entries())) + policy).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def person(server, connection):
    return Person(server, connection)


def authenticator(model, attestation=packed):
    made = Authenticator(ORIGIN, attestation=attestation)
    made.aaguid = model
    return made


def test_a_known_model_is_taken(person, policy):
    assert ('"attestation":"direct"' in person.begin_registration()) == bool(policy)
    made = authenticator(KNOWN)
    person.register(made)
    assert person.sign_in(made).session.user_id == person.user_id


@pytest.mark.parametrize("model", [REVOKED, BYPASSED], ids=["revoked", "bypassed"])
def test_a_compromised_model_is_refused_even_when_it_is_only_claimed(person, model):
    before = person.stored
    for attestation in (packed, packed_self, no_attestation):
        refusal(lambda: person.register(authenticator(model, attestation)))
    assert person.stored == before


@pytest.mark.parametrize("model,attestation", [(FOREIGN, packed), (UNKNOWN, packed), (KNOWN, packed_self),
                                               (KNOWN, no_attestation)], ids=["foreign", "unknown", "self", "none"])
def test_a_model_that_nobody_vouches_for_is_taken_unless_trust_is_demanded(person, policy, model, attestation):
    if not policy:
        person.register(authenticator(model, attestation))
        return
    refusal(lambda: person.register(authenticator(model, attestation)))
    assert not person.passkeys


def bent(blob):
    header, payload, signature = blob.split(b".")
    return b".".join((header, payload, b"AAAA" + signature[4:]))


@pytest.mark.parametrize("make,sentence", [
    (lambda: (b"", None), "not FIDO metadata"),
    (lambda: (b"{}", None), "not FIDO metadata"),
    (lambda: (bent(service.issue(7, entries())), None), "signature"),
    (lambda: (service.issue(7, entries(), next_update=day(-3)), None), "outdated"),
    (lambda: (service.issue(7, [entries()[0]] * 2), None), "not FIDO metadata"),
    (lambda: (service.issue(7, entries()), Service().root), "certify"),
    (lambda: (Service("mds.example.org").issue(7, []), None), "not signed by the FIDO Metadata Service"),
    (lambda: (service.issue(7, entries()), b"nothing"), "passkeys.metadata-ca-file"),
], ids=["empty", "json", "bent", "outdated", "twice", "stranger", "other-host", "no-root"])
def test_a_file_that_cannot_be_believed_stops_the_start(make, sentence):
    directory = new_directory()
    for command in (["serve", "--data-directory", str(directory / "data"), "--site-listen-port", "0",
                     "--rpc-listen-port", "0", "--operations-listen-port", "0"], ["config", "check"]):
        ended = subprocess.run([BINARY, *command, *options(directory, *make())], capture_output=True, text=True,
                               timeout=60)
        assert ended.returncode != 0
        assert "passkeys.metadata-" in ended.stderr and sentence in ended.stderr, ended.stderr
        assert len(ended.stderr.strip().splitlines()) <= 3
    assert not (directory / "data").exists()


def test_a_file_older_than_the_one_before_stops_the_start_and_a_newer_one_does_not():
    directory = new_directory()
    for number in (7, 7, 9):
        server = Server(directory, options=options(directory, service.issue(number, entries()))).start()
        assert server.stop() == 0
    arguments = ["serve", "--data-directory", str(directory), "--site-listen-port", "0", "--rpc-listen-port", "0",
                 "--operations-listen-port", "0"]
    ended = subprocess.run([BINARY, *arguments, *options(directory, service.issue(8, entries()))], capture_output=True,
                           text=True, timeout=60)
    assert ended.returncode != 0 and "passkeys.metadata-file" in ended.stderr
    assert "issue 8, then 9" in ended.stderr
    server = Server(directory, options=options(directory, service.issue(9, entries()))).start()
    assert server.stop() == 0


def test_roots_of_the_administrator_vouch_for_models(tmp_path):
    roots = tmp_path / "roots.pem"
    roots.write_bytes(maker("Packed").root.public_bytes(Encoding.PEM))
    allowed = "01010101-0101-0101-0101-010101010101"
    server = Server(options=["--site-url", ORIGIN, *STRICT, "--passkeys-attestation-roots-file", str(roots),
                             "--passkeys-allowed-models", allowed, "--passkeys-maximum-per-user", "1"]).start()
    try:
        server.bootstrap()
        with Connection(server) as connection:
            person = Person(server, connection)
            refusal(lambda: person.register(authenticator(UNKNOWN)))
            refusal(lambda: person.register(authenticator(KNOWN, no_attestation)))
            person.register(authenticator(KNOWN))
    finally:
        assert server.stop() == 0
