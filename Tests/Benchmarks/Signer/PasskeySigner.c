// Signs for the load generator, with as little beside the signature itself as can be: the product only verifies.

#include "PasskeySigner.h"

#include <openssl/evp.h>
#include <string.h>

PasskeySigner *PasskeySigner_new(void) {
    return (PasskeySigner *)EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

void PasskeySigner_free(PasskeySigner *signer) {
    EVP_PKEY_free((EVP_PKEY *)signer);
}

int PasskeySigner_public_key(PasskeySigner *signer, uint8_t *coordinates) {
    // An uncompressed point: 4, X, Y (SEC 1 section 2.3.3).
    unsigned char point[1 + 2 * PasskeySigner_coordinate_bytes];
    size_t count = 0;
    if (EVP_PKEY_get_octet_string_param((EVP_PKEY *)signer, "pub", point, sizeof point, &count) != 1 ||
        count != sizeof point || point[0] != 4) {
        return 0;
    }
    memcpy(coordinates, point + 1, sizeof point - 1);
    return 1;
}

size_t PasskeySigner_sign(PasskeySigner *signer, const uint8_t *message, size_t count, uint8_t *signature) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t length = PasskeySigner_maximum_signature_bytes;
    int signed_well = context != NULL &&
        EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, (EVP_PKEY *)signer) == 1 &&
        EVP_DigestSign(context, signature, &length, message, count) == 1;
    EVP_MD_CTX_free(context);
    return signed_well ? length : 0;
}
