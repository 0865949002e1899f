// The system's OpenSSL as Swift sees it. Only what Swift cannot import stands here: macros, each as one inline
// function prefixed COpenSSL_.
#ifndef COPENSSL_SHIMS_H
#define COPENSSL_SHIMS_H

#include <openssl/opensslv.h>

#if OPENSSL_VERSION_NUMBER < 0x30000000L
#error "hysteria-gateway needs OpenSSL 3.0 or newer: install libssl-dev of Debian 12, Ubuntu 22.04 or later"
#endif

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#endif
