"""Keys of credentials, one kind for each algorithm, with the COSE_Key that stands for them (RFC 9053, 8812, 9864)."""

import functools

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

#: Numbers of IANA's COSE registry.
ALGORITHMS = {"ES256": -7, "EdDSA": -8, "ES384": -35, "ES512": -36, "PS256": -37, "PS384": -38, "PS512": -39,
              "Ed448": -53, "RS256": -257, "RS384": -258, "RS512": -259}
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
#: The curve of an ECDSA algorithm, its COSE number and the bytes of a coordinate.
CURVES = {"ES256": (ec.SECP256R1(), 1, 32), "ES384": (ec.SECP384R1(), 2, 48), "ES512": (ec.SECP521R1(), 3, 66)}


@functools.cache
def rsa_key(bits=2048):
    """One for all, since making one takes long and no test is about two of them."""
    return rsa.generate_private_key(65537, bits)


class CredentialKey:
    """A private key with the one algorithm that it signs by."""

    def __init__(self, algorithm="ES256"):
        self.algorithm, self.number = algorithm, ALGORITHMS[algorithm]
        if algorithm in CURVES:
            self.private = ec.generate_private_key(CURVES[algorithm][0])
        elif algorithm in ("EdDSA", "Ed448"):
            kind = ed25519.Ed25519PrivateKey if algorithm == "EdDSA" else ed448.Ed448PrivateKey
            self.private = kind.generate()
        else:
            self.private = rsa_key()

    @property
    def public(self):
        return self.private.public_key()

    @property
    def cose(self):
        """The COSE_Key, its labels in canonical order."""
        if self.algorithm in CURVES:
            _, curve, size = CURVES[self.algorithm]
            numbers = self.public.public_numbers()
            return {1: 2, 3: self.number, -1: curve, -2: numbers.x.to_bytes(size, "big"),
                    -3: numbers.y.to_bytes(size, "big")}
        if self.algorithm in ("EdDSA", "Ed448"):
            raw = self.public.public_bytes(Encoding.Raw, PublicFormat.Raw)
            return {1: 1, 3: self.number, -1: 6 if self.algorithm == "EdDSA" else 7, -2: raw}
        return cose_of_rsa(self.public, self.number)

    def sign(self, message):
        if self.algorithm in ("EdDSA", "Ed448"):
            return self.private.sign(message)
        digest = HASHES[self.algorithm[2:]]
        if self.algorithm in CURVES:
            return self.private.sign(message, ec.ECDSA(digest))
        if self.algorithm.startswith("PS"):
            return self.private.sign(message, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
        return self.private.sign(message, padding.PKCS1v15(), digest)


def cose_of_rsa(public, number):
    numbers = public.public_numbers()
    return {1: 3, 3: number, -1: numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big"),
            -2: numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")}
