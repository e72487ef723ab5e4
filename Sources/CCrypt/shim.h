#ifndef GATEHOUSE_CCRYPT_SHIM_H
#define GATEHOUSE_CCRYPT_SHIM_H

#include <crypt.h>
#include <stddef.h>

// The importer leaves out the large arrays of the structure, so its size is asked of the compiler that knows them.
static inline size_t CCrypt_data_count(void) {
    return sizeof(struct crypt_data);
}

#endif
