#ifndef GATEHOUSE_CPROTOBUFC_SHIM_H
#define GATEHOUSE_CPROTOBUFC_SHIM_H

#include <protobuf-c/protobuf-c.h>

#endif
