#ifndef GATEHOUSE_PASSKEY_SIGNER_H
#define GATEHOUSE_PASSKEY_SIGNER_H

#include <stddef.h>
#include <stdint.h>

// The private key of a passkey (ECDSA on P-256 with SHA-256). Any number of threads may sign with one at a time.
typedef struct PasskeySigner PasskeySigner;

enum { PasskeySigner_coordinate_bytes = 32, PasskeySigner_maximum_signature_bytes = 72 };

// A new key; NULL when OpenSSL gives none.
PasskeySigner *PasskeySigner_new(void);
void PasskeySigner_free(PasskeySigner *signer);

// Writes both coordinates of the public key, 64 bytes; 1 on success.
int PasskeySigner_public_key(PasskeySigner *signer, uint8_t *coordinates);

// Writes the DER signature of a message; its length, 0 on failure.
size_t PasskeySigner_sign(PasskeySigner *signer, const uint8_t *message, size_t count, uint8_t *signature);

#endif
