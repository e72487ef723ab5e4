#ifndef GATEHOUSE_CLINUX_SHIM_H
#define GATEHOUSE_CLINUX_SHIM_H

#include <sys/prctl.h>

// prctl is variadic, which Swift's importer does not see.

static inline int CLinux_set_dumpable(unsigned long value) {
    return prctl(PR_SET_DUMPABLE, value, 0UL, 0UL, 0UL);
}

static inline int CLinux_dumpable(void) {
    return prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
}

// The calling thread, by at most 15 bytes.
static inline int CLinux_name_thread(const char *name) {
    return prctl(PR_SET_NAME, (unsigned long)name, 0UL, 0UL, 0UL);
}

#endif
