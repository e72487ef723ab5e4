#ifndef GATEHOUSE_CUNISTRING_SHIM_H
#define GATEHOUSE_CUNISTRING_SHIM_H

#include <stdlib.h>
#include <unictype.h>
#include <uninorm.h>

// The normalisation forms are macros over the addresses of constants, which the importer does not see.
static inline uninorm_t CUnistring_nfc(void) { return UNINORM_NFC; }
static inline uninorm_t CUnistring_nfkc(void) { return UNINORM_NFKC; }

#endif
