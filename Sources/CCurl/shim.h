#ifndef GATEHOUSE_CCURL_SHIM_H
#define GATEHOUSE_CCURL_SHIM_H

#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, and Swift imports no variadic C function: one function for
// each kind of argument we pass. The parentheses keep libcurl's macros of the same names away.

typedef size_t (*CCurl_transfer_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode CCurl_set_long(CURL *handle, CURLoption option, long value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode CCurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode CCurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode CCurl_set_context(CURL *handle, CURLoption option, void *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode CCurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode CCurl_set_callback(CURL *handle, CURLoption option, CCurl_transfer_callback value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode CCurl_set_progress(CURL *handle, curl_xferinfo_callback value) {
    return (curl_easy_setopt)(handle, CURLOPT_XFERINFOFUNCTION, value);
}

static inline CURLcode CCurl_response_code(CURL *handle, long *code) {
    return (curl_easy_getinfo)(handle, CURLINFO_RESPONSE_CODE, code);
}

#endif
