// The system's OpenSSL as Swift sees it. Only what Swift cannot import stands here: macros, variadic functions and
// typed stacks, each as one inline function prefixed COpenSSL_.
#ifndef COPENSSL_SHIMS_H
#define COPENSSL_SHIMS_H

#include <openssl/opensslv.h>

#if OPENSSL_VERSION_NUMBER < 0x30000000L
#error "hysteria-gateway needs OpenSSL 3.0 or newer: install libssl-dev of Debian 12, Ubuntu 22.04 or later"
#endif

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// MARK: BIO

static inline void COpenSSL_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline void COpenSSL_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

static inline size_t COpenSSL_BIO_get_mem_data(BIO *bio, const char **data) {
    char *start = NULL;
    long length = BIO_get_mem_data(bio, &start);
    *data = start;
    return length > 0 ? (size_t)length : 0;
}

// MARK: SSL_CTX

static const uint64_t COpenSSL_SSL_OP_NO_COMPRESSION = SSL_OP_NO_COMPRESSION;
static const uint64_t COpenSSL_SSL_OP_NO_RENEGOTIATION = SSL_OP_NO_RENEGOTIATION;
static const uint64_t COpenSSL_SSL_OP_CIPHER_SERVER_PREFERENCE = SSL_OP_CIPHER_SERVER_PREFERENCE;
static const uint64_t COpenSSL_SSL_OP_PRIORITIZE_CHACHA = SSL_OP_PRIORITIZE_CHACHA;
static const uint64_t COpenSSL_SSL_OP_NO_TICKET = SSL_OP_NO_TICKET;

static inline int COpenSSL_SSL_CTX_set_min_proto_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_min_proto_version(ctx, version);
}

static inline int COpenSSL_SSL_CTX_set_max_proto_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_max_proto_version(ctx, version);
}

static inline void COpenSSL_SSL_CTX_set_mode(SSL_CTX *ctx, long mode) { (void)SSL_CTX_set_mode(ctx, mode); }

static inline void COpenSSL_SSL_CTX_set_read_ahead(SSL_CTX *ctx, int enabled) {
    (void)SSL_CTX_set_read_ahead(ctx, enabled);
}

static inline void COpenSSL_SSL_CTX_set_session_cache_mode(SSL_CTX *ctx, long mode) {
    (void)SSL_CTX_set_session_cache_mode(ctx, mode);
}

static inline int COpenSSL_SSL_CTX_set1_groups_list(SSL_CTX *ctx, const char *groups) {
    return (int)SSL_CTX_set1_groups_list(ctx, groups);
}

static inline int COpenSSL_SSL_CTX_add1_chain_cert(SSL_CTX *ctx, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(ctx, certificate);
}

/// Makes `mac`, which is an HMAC, one of SHA-256 under `key`.
static inline int COpenSSL_EVP_MAC_set_hmac_sha256(EVP_MAC_CTX *mac, const unsigned char *key, size_t count) {
    OSSL_PARAM parameters[3];
    // OpenSSL copies the key; it asks for one that it could change all the same.
    parameters[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)key, count);
    parameters[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0);
    parameters[2] = OSSL_PARAM_construct_end();
    return EVP_MAC_CTX_set_params(mac, parameters);
}

static inline void COpenSSL_SSL_CTX_set_tlsext_servername_callback(
    SSL_CTX *ctx, int (*callback)(SSL *ssl, int *alert, void *argument), void *argument) {
    (void)SSL_CTX_set_tlsext_servername_callback(ctx, callback);
    (void)SSL_CTX_set_tlsext_servername_arg(ctx, argument);
}

// MARK: SSL

static inline int COpenSSL_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline void COpenSSL_empty(EVP_PKEY *key) {
    // To give a key a type is to free what it was; which one is of no matter.
    (void)EVP_PKEY_set_type(key, EVP_PKEY_X25519);
    EVP_PKEY_free(key);
}

/// Frees what is in the keys of the key exchange. The keys themselves, then empty, go with the connection.
static inline void COpenSSL_SSL_empty_tmp_keys(SSL *ssl) {
    EVP_PKEY *key = NULL;
    if (SSL_get_tmp_key(ssl, &key) == 1) COpenSSL_empty(key);
    if (SSL_get_peer_tmp_key(ssl, &key) == 1) COpenSSL_empty(key);
}

// MARK: X.509

static inline EVP_PKEY *COpenSSL_EVP_EC_gen(const char *curve) { return EVP_EC_gen(curve); }

/// Writes a name as `CN=example.org,O=Example`, with letters outside of ASCII as they are.
static inline int COpenSSL_X509_NAME_print(BIO *bio, const X509_NAME *name) {
    return X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

static inline int COpenSSL_GENERAL_NAMES_num(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

static inline GENERAL_NAME *COpenSSL_GENERAL_NAMES_value(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}

static inline int COpenSSL_X509_STACK_num(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }

static inline X509 *COpenSSL_X509_STACK_value(const STACK_OF(X509) *stack, int index) {
    return sk_X509_value(stack, index);
}

/// The type of a general name: GEN_DNS, GEN_IPADD and so on.
static inline int COpenSSL_GENERAL_NAME_type(const GENERAL_NAME *name) { return name->type; }

/// The text or the address of a general name that is one of the string types.
static inline const ASN1_STRING *COpenSSL_GENERAL_NAME_string(const GENERAL_NAME *name) {
    return name->type == GEN_IPADD ? name->d.iPAddress : name->d.ia5;
}

/// Whether a certificate asks for a stapled OCSP answer with each handshake (RFC 7633, feature status_request).
static inline int COpenSSL_X509_requires_stapling(const X509 *certificate) {
    TLS_FEATURE *features = X509_get_ext_d2i(certificate, NID_tlsfeature, NULL, NULL);
    int found = 0;
    for (int index = 0; index < sk_ASN1_INTEGER_num(features); index++) {
        int64_t number = 0;
        if (ASN1_INTEGER_get_int64(&number, sk_ASN1_INTEGER_value(features, index)) == 1
            && number == TLSEXT_TYPE_status_request) {
            found = 1;
        }
    }
    sk_ASN1_INTEGER_pop_free(features, ASN1_INTEGER_free);
    return found;
}

/// Makes a signing request ask for one extension.
static inline int COpenSSL_X509_REQ_add_extension(X509_REQ *request, X509_EXTENSION *extension) {
    STACK_OF(X509_EXTENSION) *extensions = sk_X509_EXTENSION_new_null();
    int added = extensions != NULL && sk_X509_EXTENSION_push(extensions, extension) > 0
        && X509_REQ_add_extensions(request, extensions) == 1;
    sk_X509_EXTENSION_free(extensions);
    return added;
}

static inline STACK_OF(X509) *COpenSSL_sk_X509_new(void) { return sk_X509_new_null(); }

/// Adds a certificate without taking over the reference to it.
static inline int COpenSSL_sk_X509_push(STACK_OF(X509) *stack, X509 *certificate) {
    return sk_X509_push(stack, certificate);
}

static inline void COpenSSL_sk_X509_free(STACK_OF(X509) *stack) { sk_X509_free(stack); }

// MARK: SSL_CIPHER

static inline int COpenSSL_sk_SSL_CIPHER_num(const STACK_OF(SSL_CIPHER) *ciphers) {
    return sk_SSL_CIPHER_num(ciphers);
}

static inline const SSL_CIPHER *COpenSSL_sk_SSL_CIPHER_value(const STACK_OF(SSL_CIPHER) *ciphers, int index) {
    return sk_SSL_CIPHER_value(ciphers, index);
}

#endif
