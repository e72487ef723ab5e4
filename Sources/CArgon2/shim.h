#ifndef GATEHOUSE_CARGON2_SHIM_H
#define GATEHOUSE_CARGON2_SHIM_H

#include <argon2.h>
#include <stddef.h>
#include <stdint.h>

// The library asks callbacks for its memory and gives them no argument of ours, so the block that a thread lends is
// known to that thread only, and only for the length of one call.
struct CArgon2_loan {
    uint8_t *block;
    size_t count;
};

// Inside of a function, because the importer emits no variable that stands outside.
static inline struct CArgon2_loan *CArgon2_thread_loan(void) {
    static _Thread_local struct CArgon2_loan loan;
    return &loan;
}

// The library looks at the pointer, not at the result.
static inline int CArgon2_borrow(uint8_t **memory, size_t count) {
    struct CArgon2_loan *loan = CArgon2_thread_loan();
    *memory = count <= loan->count ? loan->block : NULL;
    return *memory ? ARGON2_OK : ARGON2_MEMORY_ALLOCATION_ERROR;
}

static inline void CArgon2_give_back(uint8_t *memory, size_t count) {
    (void)memory;
    (void)count;
}

// Computes a tag in a block of the caller's; the library zeroes what it used of it.
static inline int CArgon2_hash(argon2_context *context, argon2_type type, void *block, size_t count) {
    struct CArgon2_loan *loan = CArgon2_thread_loan();
    loan->block = (uint8_t *)block;
    loan->count = count;
    context->allocate_cbk = CArgon2_borrow;
    context->free_cbk = CArgon2_give_back;
    int status = argon2_ctx(context, type);
    loan->block = NULL;
    loan->count = 0;
    return status;
}

#endif
