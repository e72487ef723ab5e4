"""Files of the FIDO Metadata Service, version 3, signed by an authority of the tests' own."""

import base64
import datetime
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from attestations import NOT_AN_AUTHORITY, Maker, name_of, signed
from authenticator import encode

HOST = "mds.fidoalliance.org"


def day(after=30):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=after)).strftime("%Y-%m-%d")


def entry(model, roots=(), statuses=("FIDO_CERTIFIED",)):
    """What is known of a model, whose number is 16 bytes."""
    digits = model.hex()
    number = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    certificates = [base64.b64encode(root.public_bytes(Encoding.DER)).decode() for root in roots]
    return {"aaguid": number, "timeOfLastStatusChange": day(-1),
            "metadataStatement": {"description": "A model", "attestationRootCertificates": certificates},
            "statusReports": [{"status": status, "effectiveDate": day(-1)} for status in statuses]}


class Service:
    """Who signs metadata: a root, and a certificate for the service's host below it."""

    def __init__(self, host=HOST):
        self.authority, self.key = Maker("Metadata"), ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        self.certificate = self.authority.certify(self.key.public_key(), name_of(common="Signer"),
                                                  [NOT_AN_AUTHORITY, (names, False)])

    @property
    def root(self):
        return self.authority.root.public_bytes(Encoding.PEM)

    def issue(self, number, entries, next_update=None):
        """The bytes of an issue."""
        chain = [base64.b64encode(der).decode() for der in self.authority.chain(self.certificate)]
        header = {"alg": "ES256", "typ": "JWT", "x5c": chain}
        payload = {"legalHeader": "", "no": number, "nextUpdate": next_update or day(), "entries": entries}
        text = ".".join(encode(json.dumps(part).encode()) for part in (header, payload))
        numbers = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = b"".join(number.to_bytes(32, "big") for number in numbers)
        return f"{text}.{encode(signature)}".encode()
